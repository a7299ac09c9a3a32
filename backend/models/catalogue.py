"""What is sold, without any claim about it: models, trims, features, other names."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, one_of

ENERGIES = ("petrol", "hybrid", "plug_in_hybrid", "electric")
BODIES = ("sedan", "hatchback", "suv", "mpv", "pickup")


class Model(Base):
    __tablename__ = "models"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    body: Mapped[str]
    summary_zh: Mapped[str]
    summary_en: Mapped[str]
    colour: Mapped[str] = mapped_column(default="#3a6b78")
    """Of the drawing on the website, `#rrggbb`."""
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)

    trims: Mapped[list["Trim"]] = relationship(back_populates="model", order_by="Trim.position")

    __table_args__ = (CheckConstraint(one_of("body", *BODIES), name="body"),)


class Trim(Base):
    __tablename__ = "trims"

    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("models.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    energy: Mapped[str]
    seats: Mapped[int]
    displacement_ml: Mapped[int]
    """Engine displacement; 0 for electric. Vehicle tax depends on it."""
    model_year: Mapped[int]
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)

    model: Mapped[Model] = relationship(back_populates="trims")

    __table_args__ = (
        CheckConstraint(one_of("energy", *ENERGIES), name="energy"),
        CheckConstraint("seats BETWEEN 1 AND 9", name="seats"),
        CheckConstraint("displacement_ml >= 0", name="displacement"),
    )


class Feature(Base):
    """The definition of one feature or specification; its values are facts of trims."""

    __tablename__ = "features"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    group_code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    kind: Mapped[str]
    """`flag` (standard, optional, none), `number` with a unit, or `text`."""
    unit: Mapped[str] = mapped_column(default="")
    position: Mapped[int]

    __table_args__ = (CheckConstraint(one_of("kind", "flag", "number", "text"), name="kind"),)


class Alias(Base):
    """Another name by which customers call a brand, model, trim, feature or service item.

    `ref` is the code of what is meant ("" for the brand). Two rows with the same text and
    different `ref` make an ambiguous name: the assistant asks which is meant.
    """

    __tablename__ = "aliases"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    ref: Mapped[str]
    text: Mapped[str]

    __table_args__ = (
        CheckConstraint(
            one_of("kind", "brand", "model", "trim", "feature", "service_item"), name="kind"
        ),
        UniqueConstraint("kind", "ref", "text"),
    )


class CatalogueVersion(Base):
    """Counts approved changes; the export carries it, so that readers know what they hold."""

    __tablename__ = "catalogue_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
