"""How a Python program reaches the broker: what config.ts and connection.ts are for TypeScript.

The settings have the names and the meaning of config.ts; an empty value counts as not set.
"""
import logging
import os
import signal
import socket
import ssl
import sys

import pika


def setting(name, default=None):
    return os.environ.get(name) or default


def parameters():
    """The settings AMQP_... as pika wants them: where the broker is, and who the program is."""
    tls = setting('AMQP_TLS') == 'true'
    if setting('AMQP_URL'):
        chosen = pika.URLParameters(setting('AMQP_URL'))
    else:
        chosen = pika.ConnectionParameters(
            host=setting('AMQP_HOST', 'localhost'),
            port=int(setting('AMQP_PORT', 5671 if tls else 5672)),
            virtual_host=setting('AMQP_VHOST', '/'),
            credentials=pika.PlainCredentials(
                setting('AMQP_USER', 'guest'), setting('AMQP_PASSWORD', 'guest')
            ),
        )
    if tls or chosen.ssl_options:
        chosen.ssl_options = pika.SSLOptions(tls_context(), chosen.host)
    # With EXTERNAL the certificate says who the program is, and no password is sent.
    if setting('AMQP_AUTH_MECHANISM') == 'EXTERNAL':
        chosen.credentials = pika.credentials.ExternalCredentials()
    # What the management UI shows as the connection's name.
    chosen.client_properties = {'connection_name': f'{sys.argv[0]} on {socket.gethostname()}'}
    return chosen


def tls_context():
    context = ssl.create_default_context(cafile=setting('AMQP_CA_FILE'))
    if setting('AMQP_CERT_FILE'):
        context.load_cert_chain(setting('AMQP_CERT_FILE'), setting('AMQP_KEY_FILE'))
    return context


def stop_on_signals(connection, stop):
    """Calls `stop` on SIGTERM and SIGINT, once pika waits: never in the middle of its work."""

    def ask(number, _frame):
        print(f' [!] {signal.Signals(number).name}: closing in order.')
        connection.add_callback_threadsafe(stop)

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)


def end_with_one_line(kind, error, trace):
    """The end of a program whose connection failed: status 1 and one line instead of the stack."""
    if issubclass(kind, (pika.exceptions.AMQPError, OSError)):
        print(f' [!] {error!r}', file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


# pika also logs every failure with its stack.
logging.getLogger('pika').setLevel(logging.CRITICAL)
sys.excepthook = end_with_one_line
