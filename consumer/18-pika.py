# 18-pika, the receiving side in Python: prints what arrives in the queue "hello".
import sys

import pika

from broker.client.connection import parameters, stop_on_signals

# A word may be given: to ask for one message, and end.
words = sys.argv[1:]
if words not in ([], ['get']):
    print('Usage: [get], to ask for one message', file=sys.stderr)
    sys.exit(2)

connection = pika.BlockingConnection(parameters())
channel = connection.channel()
channel.queue_declare(queue='hello')


# Four arguments where amqplib has one message. The body is bytes, whatever the sender had. The
# properties say who sent it, if the sender filled them in.
def callback(ch, method, properties, body):
    sender = f' from {properties.app_id}' if properties.app_id else ''
    print(f" [x] Received '{body.decode()}'{sender}")
    ch.basic_ack(delivery_tag=method.delivery_tag)


if words == ['get']:
    # The same three as the callback gets, or three times None if the queue is empty.
    method, properties, body = channel.basic_get(queue='hello')
    if method:
        callback(channel, method, properties, body)
    else:
        print(' [*] The queue is empty')
else:
    channel.basic_consume(queue='hello', on_message_callback=callback)
    stop_on_signals(connection, channel.stop_consuming)
    print(' [*] Waiting for messages. To exit press CTRL+C')
    # Only from here on callbacks are called: in this loop, one at a time, until the stop.
    channel.start_consuming()

connection.close()
