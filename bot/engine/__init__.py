"""What makes Rasa's engine quick, each part an extension of its own.

`install` puts those in place that must be there before the model is loaded, `prepare` the rest.
Every part predicts and answers exactly as Rasa itself does; tests/unit/channel proves it against
the installed release, and fails when a release changes what a part relies on.
"""
