"""Names of the catalogue and generic terms, found in what customers write.

The index holds every name without its spaces and hyphens and looks for all of them in one pass
(Aho-Corasick); what a hit may look like in the text is then checked. 星禾E5, 星禾 e5, xinghe-e5 and
XingheE5 are one name. What is left over is looked through for names that are nearly right
(`bot.nlu.near_names`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ahocorasick

from bot.nlu import makes, part_names
from bot.nlu.near_names import NearNames
from bot.nlu.sounds import spelled
from bot.nlu.spans import Span, longest
from bot.nlu.synonyms import synonyms
from bot.nlu.terms import TERMS, Term, find_ordinals
from bot.nlu.text import Normalised, is_han, is_latin, normalise
from bot.nlu.vocabulary import is_ordinary
from values.names import SURNAMES

_GAPS = frozenset(" -_·•・")
_LONGEST_GAP = 3
"""A space, a hyphen, a hyphen between spaces."""

_SPLIT_WORD = 6
"""Latin names of brands and models with as many letters may be written in two words: yuan yue."""

_SHORTEST_PART = 2
_SHORTEST_SPELLED = 5
"""Han and tang are English words or nothing; yunchi is a name."""

_SHORTEST_NAME = 2

_EVERYDAY = frozenset(("car", "drive", "model", "price", "service", "汽车", "车型", "价格", "试驾"))
"""Words of nearly every conversation, whatever a catalogue calls by them."""

_NAMED = frozenset(("model", "trim", "brand"))
"""Kinds whose names are like those of people; the names of work and features are words."""
_LONGEST_NAME = 3

_PHRASE = "phrase"
_PHRASES = ("price range", "model range", "range of prices", "range of models", "range of cars")
"""Where the word range, a feature of every electric car, is something else."""


@dataclass(frozen=True)
class Name:
    """One row of the catalogue export: ``text`` names the thing ``ref`` of the given kind.

    ``model`` says which model a trim belongs to.
    """

    kind: str
    ref: str
    text: str
    model: str | None = None


@dataclass(frozen=True)
class _Entry:
    kind: str
    refs: tuple[str, ...]
    length: int
    gaps: frozenset[int]
    """Places in the squeezed name where the name itself has a gap."""
    not_before: str = ""
    not_after: str = ""


class CatalogueIndex:
    """Finds names of the catalogue and generic terms. Immutable: a reload swaps it whole.

    Passed over are names that would be found everywhere: those shorter than two characters, those
    of digits alone, and a few everyday words.
    """

    def __init__(self, names: Iterable[Name] = ()) -> None:
        names = _with_other_words(list(names))
        self._model_of = {name.ref: name.model for name in names if name.kind == "trim"}
        rows = [
            *((name.kind, name.text, (name.ref,), Term(name.kind, (), ())) for name in names),
            *_spelled_names(names),
            *((term.kind, word, term.codes, term) for term in TERMS for word in term.words),
            *((_PHRASE, words, (_PHRASE,), Term(_PHRASE, (), ())) for words in _PHRASES),
            *_other_makes(names),
        ]
        grouped: dict[str, dict[str, _Entry]] = defaultdict(dict)
        for kind, text, refs, term in rows:
            squeezed, gaps = _squeezed_name(text)
            if len(squeezed) < _SHORTEST_NAME or squeezed.isdigit() or squeezed in _EVERYDAY:
                continue
            known = grouped[squeezed].get(kind, _Entry(kind, (), len(squeezed), frozenset()))
            grouped[squeezed][kind] = _Entry(
                kind,
                tuple(dict.fromkeys((*known.refs, *refs))),
                len(squeezed),
                known.gaps | gaps,
                known.not_before + term.not_before,
                known.not_after + term.not_after,
            )
        self._automaton: Any = ahocorasick.Automaton()
        for squeezed, entries in grouped.items():
            self._automaton.add_word(squeezed, tuple(entries.values()))
        self._automaton.make_automaton()
        likely = [
            (squeezed, entry)
            for squeezed, entries in grouped.items()
            for entry in entries.values()
            if entry.kind != _PHRASE
        ]
        self._near_entries = [entry for _, entry in likely]
        self._near = NearNames((squeezed for squeezed, _ in likely), is_ordinary)

    def find(self, text: str | Normalised) -> list[Span]:
        """All mentions in the order of the text, without overlaps; never raises on any ``str``.

        A trim whose name several models share is narrowed to the model named before it, or else
        to the only model of the message; what stays open is in ``alternatives``. A model's name
        inside a trim's full name is reported beside the trim.
        """
        source = normalise(text) if isinstance(text, str) else text
        hits = [*self._hits(source), *find_ordinals(source)]
        settled = longest(hits)
        settled += longest(
            near
            for near in self._near_hits(source)
            if not any(near.overlaps(other) and near.length <= other.length for other in settled)
        )
        chosen = [span for span in longest(settled) if span.kind != _PHRASE]
        trims = [span for span in chosen if span.kind == "trim"]
        models = [span for span in chosen if span.kind == "model"]
        models += longest(
            hit
            for hit in hits
            if hit.kind == "model"
            and any(trim.start <= hit.start and hit.end <= trim.end for trim in trims)
        )
        others = [span for span in chosen if span.kind not in ("model", "trim")]
        levels = {(span.start, span.end) for span in others if span.kind == "trim_level"}
        # 高配 of no particular model is a level, and not one of nine trims.
        narrowed = [
            trim
            for trim in (self._narrowed(trim, models) for trim in trims)
            if not (trim.alternatives and (trim.start, trim.end) in levels)
        ]
        # Stable: of findings on the same words the generic one stays first.
        return sorted([*others, *models, *narrowed], key=lambda span: (span.start, -span.end))

    def _hits(self, source: Normalised) -> Iterator[Span]:
        squeezed, places = _squeezed(source.text)
        for last, entries in self._automaton.iter(squeezed):
            for entry in entries:
                first = last - entry.length + 1
                end = _end_if_allowed(source.text, places, first, last, entry)
                if end is None:
                    continue
                if entry.kind == makes.KIND and (code := makes.CODE.match(source.text, end)):
                    end = code.end()
                start, stop = source.span(places[first], end)
                alternatives = entry.refs if len(entry.refs) > 1 else ()
                words = source.original[start:stop]
                yield Span(entry.kind, start, stop, words, entry.refs[0], alternatives)

    def _near_hits(self, source: Normalised) -> Iterator[Span]:
        """Mentions that are not quite right; several things as near as one another are one mention
        with alternatives, if they are of one kind."""
        for hit in self._near.find(source.text):
            start, stop = source.span(hit.start, hit.end)
            kinds: dict[str, list[str]] = {}
            for index in hit.names:
                entry = self._near_entries[index]
                kinds.setdefault(entry.kind, []).extend(entry.refs)
            for kind, found in kinds.items():
                if kind not in _NAMED and _may_be_a_person(source.text[hit.start : hit.end]):
                    # 黄伟 sounds like 换位 and is who he says he is.
                    continue
                refs = tuple(dict.fromkeys(found))
                yield Span(
                    kind,
                    start,
                    stop,
                    source.original[start:stop],
                    refs[0],
                    refs if len(refs) > 1 else (),
                    near=True,
                )

    def _narrowed(self, trim: Span, models: Sequence[Span]) -> Span:
        """The trim with only those readings that belong to the model it stands with."""
        readings = trim.alternatives or (trim.value,)
        before = [model.value for model in models if model.start <= trim.start]
        named = list(dict.fromkeys(model.value for model in models))
        last_or_only = before[-1:] or (named if len(named) == 1 else [])
        wanted = last_or_only[0] if last_or_only else None
        fitting = tuple(ref for ref in readings if self._model_of.get(ref) == wanted) or readings
        shared = {self._model_of.get(ref) for ref in fitting}
        return replace(
            trim,
            value=fitting[0],
            alternatives=fitting if len(fitting) > 1 else (),
            model=shared.pop() if len(shared) == 1 else None,
        )


def _with_other_words(names: list[Name]) -> list[Name]:
    """The names of a catalogue and those that customers use instead of them."""
    of = {
        kind: [(name.ref, name.text) for name in names if name.kind == kind]
        for kind in ("model", "trim", "feature")
    }
    models_of = {name.ref: name.model for name in names if name.kind == "trim"}
    brands = [name.text for name in names if name.kind == "brand"]
    more = [
        *(Name("feature", ref, text) for ref, text in synonyms(of["feature"])),
        *(
            Name("model", ref, text)
            for ref, text in part_names.of_models(of["model"], brands, is_ordinary)
        ),
    ]
    others = [name.text for name in (*names, *more) if name.kind != "trim"]
    more += [
        Name("trim", ref, text, models_of[ref])
        for ref, text in part_names.of_trims(of["trim"], others)
    ]
    return [*names, *more]


def _other_makes(names: Iterable[Name]) -> Iterator[tuple[str, str, tuple[str, ...], Term]]:
    """The rows of the makes that are not the dealership's own."""
    ours = {_squeezed_name(name.text)[0] for name in names if name.kind in ("brand", "model")}
    for name in makes.names(ours):
        term = Term(makes.KIND, (name.make,), (), name.not_before, name.not_after)
        yield makes.KIND, name.text, term.codes, term


def _spelled_names(names: Iterable[Name]) -> Iterator[tuple[str, str, tuple[str, ...], Term]]:
    """Chinese names of brands and models in Latin letters: 汉兰达 is also hanlanda."""
    for name in names:
        if name.kind not in ("brand", "model"):
            continue
        latin = spelled(normalise(name.text).text)
        if latin is not None and len(latin) >= _SHORTEST_SPELLED:
            yield name.kind, latin, (name.ref,), Term(name.kind, (), ())


def _squeezed(text: str) -> tuple[str, list[int]]:
    """The text without gaps, and where each of its characters stands."""
    places = [index for index, char in enumerate(text) if char not in _GAPS]
    return "".join(text[index] for index in places), places


def _squeezed_name(name: str) -> tuple[str, frozenset[int]]:
    """A name without gaps, and the indices in it before which the name had one."""
    text = normalise(name).text.strip()
    squeezed, places = _squeezed(text)
    gaps = {index for index in range(1, len(places)) if places[index] - places[index - 1] > 1}
    return squeezed, frozenset(gaps)


def _end_if_allowed(
    text: str, places: Sequence[int], first: int, last: int, entry: _Entry
) -> int | None:
    """The end in ``text`` of a hit on the squeezed text, or None if it is part of other words."""
    start, end = places[first], places[last] + 1
    if not _gaps_allowed(text, places, first, last, entry):
        return None
    before = text[start - 1] if start else ""
    if before and (before in entry.not_after or _joined(before, text[start])):
        return None
    if text[end : end + 1] == "s" and is_latin(text[end - 1]):
        end += 1  # the plural: sunroofs, SUVs
    after = text[end : end + 1]
    if after and (after in entry.not_before or _joined(text[end - 1], after)):
        return None
    return end


def _gaps_allowed(text: str, places: Sequence[int], first: int, last: int, entry: _Entry) -> bool:
    part = 1
    split = False
    for index in range(first + 1, last + 1):
        here, previous = places[index], places[index - 1]
        if here - previous == 1:
            part += 1
            continue
        if here - previous - 1 > _LONGEST_GAP:
            return False
        left, right = text[previous], text[here]
        if index - first not in entry.gaps and _script(left) == _script(right):
            # A gap that the name does not have, inside one word.
            long_enough = entry.length >= _SPLIT_WORD and part >= _SHORTEST_PART
            if (
                split
                or entry.kind not in ("brand", "model", makes.KIND)
                or not (is_latin(left) and long_enough and last - index + 1 >= _SHORTEST_PART)
            ):
                return False
            split = True
        part = 1
    return True


def _script(char: str) -> str:
    if is_latin(char):
        return "latin"
    if is_han(char):
        return "han"
    return "digit" if char.isdigit() else "other"


def _joined(left: str, right: str) -> bool:
    """Whether two neighbours belong to one Latin word, code or number."""
    words = ("latin", "digit")
    return _script(left) in words and _script(right) in words


def _may_be_a_person(written: str) -> bool:
    return len(written) <= _LONGEST_NAME and written[0] in SURNAMES
