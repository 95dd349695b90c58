# 19-by-hand, the sending side in Python: as in the notes, with pika and nothing of this lab.
import pika

# Without a word about where: localhost, port 5672, the vhost /, the user guest.
connection = pika.BlockingConnection()
channel = connection.channel()

channel.queue_declare(queue='hello')

channel.basic_publish(exchange='', routing_key='hello', body='Hello World!')
print(" [x] Sent 'Hello World!'")

# It ends when what was published has left this program.
connection.close()
