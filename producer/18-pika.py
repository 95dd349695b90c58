# 18-pika, the sending side in Python: the same message to the same queue as 18-pika.ts.
from threading import Event

import pika

from broker.client.connection import parameters, stop_on_signals, whole_number

count = whole_number('PUBLISH_COUNT', 1, 1_000_000_000, float('inf'))
interval_s = whole_number('PUBLISH_INTERVAL_MS', 0, 3_600_000, 1000) / 1000

# A "blocking" connection: each call waits for the broker's answer, and there is nothing to await.
# Of several brokers it takes the first one that answers.
connection = pika.BlockingConnection(parameters())
channel = connection.channel()

# Without further words a queue is neither durable nor exclusive: what the other side declares too.
channel.queue_declare(queue='hello')

# From here on `basic_publish` waits until the broker has confirmed the message. Without it you
# would see "Sent" for messages that the broker never got.
channel.confirm_delivery()

stopping = Event()
stop_on_signals(connection, stopping.set)

sent = 0
while sent < count and not stopping.is_set():
    channel.basic_publish(
        exchange='',
        routing_key='hello',
        body='Hello World!',
        properties=pika.BasicProperties(app_id='pika'),
    )
    print(" [x] Sent 'Hello World!'")
    sent += 1
    # The pause. pika does nothing by itself while the program is busy elsewhere: with `time.sleep`
    # it would answer no heartbeat, and the broker would close the connection.
    if sent < count:
        connection.process_data_events(time_limit=interval_s)

connection.close()
