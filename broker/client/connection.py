"""How a Python program reaches the broker: what config.ts and connect.ts are for TypeScript.

The settings have the names, the meaning and the checks of config.ts: an empty value counts as not
set, and one that can't be used ends the program with one line and status 2. This is less than there:
it reads no `.env` by itself, and makes no connection again.
"""
import logging
import os
import re
import signal
import socket
import ssl
import sys
from urllib.parse import urlsplit

import pika

NAMES = [
    'AMQP_URL',
    'AMQP_HOST',
    'AMQP_PORT',
    'AMQP_VHOST',
    'AMQP_USER',
    'AMQP_PASSWORD',
    'AMQP_TLS',
    'AMQP_CA_FILE',
    'AMQP_CERT_FILE',
    'AMQP_KEY_FILE',
    'AMQP_AUTH_MECHANISM',
    'PUBLISH_INTERVAL_MS',
    'PUBLISH_COUNT',
    'PREFETCH',
    'STOP_TIMEOUT_MS',
]


def setting(name, default=None):
    return os.environ.get(name) or default


def whole_number(name, least, most, default):
    """A setting that is a number; `default` may be `inf`: without end."""
    text = setting(name)
    if text is None:
        return default
    if re.fullmatch('[0-9]+', text) and least <= int(text) <= most:
        return int(text)
    otherwise = 'go on until stopped' if default == float('inf') else f'use {default}'
    refuse(
        f'`{name}` must be a whole number from {least} to {most}, got "{text}". '
        f'Set it in .env or remove it to {otherwise}.'
    )


def one_of(name, *words):
    """A setting that is one of these words; the first is the default."""
    text = setting(name, words[0])
    if text not in words:
        refuse(
            f'`{name}` must be {" or ".join(words)}, got "{text}". '
            f'Set it in .env or remove it to use {words[0]}.'
        )
    return text


def parameters():
    """The settings AMQP_... as pika wants them: a list of the brokers in the order of trying."""
    refuse_unknown_names()
    give_access = read_access()
    brokers = from_url(setting('AMQP_URL')) if setting('AMQP_URL') else from_parts()
    for broker in brokers:
        give_access(broker)
        # What the management UI shows as the connection's name.
        broker.client_properties = {'connection_name': f'{sys.argv[0]} on {socket.gethostname()}'}
    # pika 1.2 gives up at a name that is not known, such as that of a node which was killed.
    return sorted(brokers, key=lambda broker: not is_known(broker.host))


def is_known(host):
    try:
        return bool(socket.getaddrinfo(host, None))
    except OSError:
        return False


def refuse_unknown_names():
    for name in os.environ:
        if name.startswith('AMQP_') and name not in NAMES:
            refuse(f'`{name}` is not a setting of this lab. The settings are: {", ".join(NAMES)}.')


def from_url(url):
    """The scheme alone, amqp or amqps, says whether it is TLS."""
    parts = urlsplit(url)
    if parts.username and parts.password is None:
        url = url.replace('@', ':guest@', 1)  # pika 1.2 takes no user without one
    try:
        if parts.scheme in ('amqp', 'amqps') and parts.hostname and not re.search('[?#]', url):
            return [pika.URLParameters(url)]
    except ValueError:
        pass  # the port is no number
    shown = re.sub(r'(//[^:]*):.*@', r'\1:***@', url)  # whatever the password is made of
    refuse(
        '`AMQP_URL` must look like amqp://user:password@host:5672/vhost (or amqps://), '
        f'special characters as %XX, no options, got "{shown}". '
        'Set it in .env or remove it to use AMQP_HOST, AMQP_PORT and so on.'
    )


def from_parts():
    tls = one_of('AMQP_TLS', 'false', 'true') == 'true'
    hosts = setting('AMQP_HOST', 'localhost')
    if not all(re.fullmatch(r'[^\s/@]+', host) for host in hosts.split(',')):
        refuse(
            '`AMQP_HOST` must be the name of a host, or several with commas and no spaces between '
            f'them, got "{hosts}". Set it in .env or remove it to use localhost.'
        )
    return [
        pika.ConnectionParameters(
            host=host,
            port=whole_number('AMQP_PORT', 1, 65_535, 5671 if tls else 5672),
            virtual_host=setting('AMQP_VHOST', '/'),
            credentials=pika.PlainCredentials(
                setting('AMQP_USER', 'guest'), setting('AMQP_PASSWORD', 'guest')
            ),
            ssl_options=pika.SSLOptions(ssl.create_default_context()) if tls else None,
        )
        for host in hosts.split(',')
    ]


def read_access():
    """How a client says who it is, and whom it trusts: gives what does so to a broker's parameters."""
    external = one_of('AMQP_AUTH_MECHANISM', 'PLAIN', 'EXTERNAL') == 'EXTERNAL'
    certificate, key = setting('AMQP_CERT_FILE'), setting('AMQP_KEY_FILE')
    if bool(certificate) != bool(key) or (external and not certificate):
        refuse(
            '`AMQP_CERT_FILE` and `AMQP_KEY_FILE` belong together, and '
            '`AMQP_AUTH_MECHANISM=EXTERNAL` needs both, '
            f'got "{certificate or ""}" and "{key or ""}". Set them in .env.'
        )
    authority = readable_file('AMQP_CA_FILE', 'trust the authorities that Python knows')
    readable_file('AMQP_CERT_FILE', 'show no certificate')
    readable_file('AMQP_KEY_FILE', 'show no certificate')

    def give_access(broker):
        if broker.ssl_options:
            context = ssl.create_default_context(cafile=authority)
            if certificate:
                context.load_cert_chain(certificate, key)
            broker.ssl_options = pika.SSLOptions(context, broker.host)
        # With EXTERNAL the certificate says who the program is, and no password is sent.
        if external:
            broker.credentials = pika.credentials.ExternalCredentials()

    return give_access


def readable_file(name, otherwise):
    path = setting(name)
    if path and not (os.path.isfile(path) and os.access(path, os.R_OK)):
        refuse(
            f'`{name}` must be a file that can be read, got "{path}". '
            f'Set it in .env or remove it to {otherwise}.'
        )
    return path


def refuse(words):
    print(f' [!] {words}', file=sys.stderr)
    sys.exit(2)


def stop_on_signals(connection, stop):
    """Calls `stop` on SIGTERM and SIGINT, once pika waits: never in the middle of its work."""

    def ask(number, _frame):
        print(f' [!] {signal.Signals(number).name}: closing in order.')
        connection.add_callback_threadsafe(stop)

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)


def end_with_one_line(kind, error, trace):
    """The end of a program whose connection failed: status 1 and one line instead of the stack."""
    if 'transient_nonexcl_queues' in str(error):
        print(
            f' [!] {error.reply_text.splitlines()[0]} Declare the queue as durable or exclusive, or '
            'have the broker permit it as broker/server/advanced.config does (lesson 01).',
            file=sys.stderr,
        )
    elif issubclass(kind, (pika.exceptions.AMQPError, OSError)):
        print(f' [!] {error!r}', file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


# pika also logs every failure with its stack.
logging.getLogger('pika').setLevel(logging.CRITICAL)
sys.excepthook = end_with_one_line
