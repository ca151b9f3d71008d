"""The whole service on one machine: embedded Postgres and Valkey, web server, worker and beat."""
