"""What installs, starts, stops and checks the system; `make help` lists the commands."""
