# 19-by-hand, the receiving side in Python: as in the notes, with pika and nothing of this lab.
import pika

connection = pika.BlockingConnection()
channel = connection.channel()

channel.queue_declare(queue='hello')


# %r prints the body as Python has it: bytes.
def callback(ch, method, properties, body):
    print(' [x] Received %r' % body)
    ch.basic_ack(delivery_tag=method.delivery_tag)


channel.basic_consume(queue='hello', on_message_callback=callback)

print(' [*] Waiting for messages. To exit press CTRL+C')
try:
    channel.start_consuming()
except KeyboardInterrupt:
    connection.close()
