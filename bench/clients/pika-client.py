"""pika with its BlockingConnection, as lesson 18 uses it. The twin of measure.ts and workloads.ts.

Usage: python3 bench/clients/pika-client.py TASK    prints a Result; both as in measurement.ts
It can't have a window of unconfirmed messages: it waits for each confirm, or has none at all.
"""
import json
import math
import struct
import sys
import time
import uuid

import pika

RATE = 500  # messages a second in `latency`

task = json.loads(sys.argv[1])
queue, count, warm_up = task['queue'], task['count'], task['warmUp']
connection = pika.BlockingConnection(pika.ConnectionParameters(task['host'], heartbeat=5))
channel = connection.channel()


def memory(field):
    """In bytes. The peak of `resource` would be the one of the process that started this one."""
    with open('/proc/self/status') as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))


rss_before = memory('VmRSS')


class Clock:
    def __init__(self):
        self.begin, self.cpu = time.perf_counter(), time.process_time()

    def stop(self):
        seconds = time.perf_counter() - self.begin
        cpu = time.process_time() - self.cpu
        rss = (memory('VmHWM') - rss_before) / 1e6
        return {'messages': count / seconds, 'cpu': cpu * 1e6 / count, 'rss': rss}


def publish_one(content):
    properties = pika.BasicProperties(
        message_id=str(uuid.uuid4()), delivery_mode=2 if task['persistent'] else 1
    )
    channel.basic_publish('', queue, content, properties)


def publish(number):
    content = b'x' * task['size']
    for _ in range(number):
        publish_one(content)
    if task['window'] is None:
        # Without confirms: the broker answers this when it has dealt with all that came before.
        channel.queue_declare(queue, passive=True)


def measure_publish():
    if task['window'] == 1:
        channel.confirm_delivery()
    publish(warm_up)
    clock = Clock()
    publish(count)
    return clock.stop()


def measure_consume():
    acked, clock, result = 0, None, None

    def take(_channel, method, _properties, _content):
        nonlocal acked, clock, result
        channel.basic_ack(method.delivery_tag)
        acked += 1
        if acked == warm_up:
            clock = Clock()
        if acked == warm_up + count:
            result = clock.stop()
            channel.stop_consuming()

    channel.basic_qos(prefetch_count=task['prefetch'])
    channel.basic_consume(queue, take)
    channel.start_consuming()
    return result


def measure_latency():
    total = warm_up + count
    sent_at, took = [], {}

    def take(_channel, method, _properties, content):
        (number,) = struct.unpack_from('>I', content)
        took[number] = (time.perf_counter() - sent_at[number]) * 1000
        channel.basic_ack(method.delivery_tag)

    channel.basic_qos(prefetch_count=task['prefetch'])
    channel.basic_consume(queue, take)
    begin = time.perf_counter()
    while len(took) < total:
        due = min(total, math.ceil((time.perf_counter() - begin) * RATE))
        while len(sent_at) < due:
            if len(sent_at) == warm_up:
                clock = Clock()
            content = struct.pack('>I', len(sent_at)).ljust(task['size'], b'\0')
            sent_at.append(time.perf_counter())
            publish_one(content)
        connection.process_data_events(time_limit=0.001)
    sample = sorted(took[number] for number in range(warm_up, total))
    return {**clock.stop(), 'p50': quantile(sample, 0.5), 'p99': quantile(sample, 0.99)}


def quantile(ordered, share):
    """As in statistics.ts."""
    place = share * (len(ordered) - 1)
    below, above = ordered[math.floor(place)], ordered[math.ceil(place)]
    return below + (above - below) * (place - math.floor(place))


measure = {'publish': measure_publish, 'consume': measure_consume, 'latency': measure_latency}
answer = measure[task['workload']]()
connection.close()
print(json.dumps(answer))
