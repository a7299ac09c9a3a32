"""`make train`: the model for the present state of the tree, trained only if there is none."""

import sys

from scripts import dotenv, processes, timing, training
from scripts.ground import Failure, fail, say
from scripts.run import prepare_store, var_folder


def main() -> int:
    base = dotenv.load()
    try:
        var = var_folder(base)
        at = processes.Addresses.of(base)
        environment = processes.environment(base, at, var, timing.offset(timing.moment(base)))
        prepare_store(environment)
        model = training.ensure_model(var / "catalogue.json", environment)
    except Failure as error:
        return fail(error)
    except KeyboardInterrupt:
        return 130
    say(f"The model is models/{model.name}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
