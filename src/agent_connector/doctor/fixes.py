"""What to copy: lines of nginx, of Django's settings, and commands (pure)."""

from __future__ import annotations

SITE_URL = 'AGENT_CONNECTOR = {"SITE_URL": "https://example.com"}'
URLS = 'path("", include("agent_connector.urls")),'
AUTHORIZATION = "proxy_set_header Authorization $http_authorization;"
CHALLENGE = "proxy_pass_header WWW-Authenticate;"
CACHING = "proxy_pass_header Cache-Control;"
HOST = "proxy_set_header Host $http_host;"
FORWARDED_PROTO = "proxy_set_header X-Forwarded-Proto $scheme;"
FORWARDED_FOR = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"
BODY_SIZE = "client_max_body_size 1m;"
SSL_HEADER = 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")'
COMMAND = "python manage.py agent_connector doctor"
COMMAND_AS = f"{COMMAND} --as USERNAME"
REGISTRATION = 'AGENT_CONNECTOR = {"DYNAMIC_CLIENT_REGISTRATION": True}'
SWITCH_ON = "python manage.py agent_connector switch server on"
TLS_CHAIN = "ssl_certificate /etc/letsencrypt/live/{host}/fullchain.pem;"
REDIRECT = """\
server {{
    listen 80;
    server_name {host};
    return 301 https://$host$request_uri;
}}"""
RENEW = "certbot renew"
SQLITE_WAL = '"OPTIONS": {"init_command": "PRAGMA journal_mode=WAL"},'
SQLITE_WAIT = '"OPTIONS": {"timeout": 20},'
SQLITE_IMMEDIATE = '"OPTIONS": {"transaction_mode": "IMMEDIATE"},'
KEEP_CONNECTIONS = '"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True,'
OWN_CACHE = "proxy_cache off;"
CLOCK = "timedatectl set-ntp true"


def location(place: str) -> str:
    """Return nginx's lines that hand a place on unchanged, as `/` or `= /mcp`."""
    return f"""\
location {place} {{
    proxy_pass http://127.0.0.1:8000;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
}}"""


def site_url(url: str) -> str:
    return f'AGENT_CONNECTOR = {{"SITE_URL": "{url}"}}'


def trusted_proxies(count: int) -> str:
    return f'AGENT_CONNECTOR = {{"TRUSTED_PROXIES": {count}}}'


def allowed_host(host: str) -> str:
    return f'ALLOWED_HOSTS = ["{host}"]'
