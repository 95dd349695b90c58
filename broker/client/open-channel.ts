/** One channel of amqplib from its opening to its loss. It is never repaired, only replaced. */
import {
  type ChannelModel,
  type ConfirmChannel,
  IllegalOperationError,
  type Message,
} from 'amqplib';

interface Listeners {
  onReturn: (message: Message) => void;
  /** Called at the very moment it is lost, whoever closed it. */
  onClose: (channel: OpenChannel) => void;
}

export class OpenChannel {
  readonly amqp: ConfirmChannel;
  /** Resolves when the channel is gone. */
  readonly closed: Promise<void>;
  /** Why the broker closed it, where it said so. */
  error: unknown;
  isOpen = true;

  private constructor(amqp: ConfirmChannel, { onReturn, onClose }: Listeners) {
    this.amqp = amqp;
    amqp.on('return', onReturn);
    amqp.on('error', (error) => {
      this.error ??= error;
    });
    this.closed = new Promise((resolve) => {
      amqp.on('close', () => {
        this.isOpen = false;
        onClose(this);
        resolve();
      });
    });
  }

  /** Opens a channel with publisher confirms. */
  static async open(model: ChannelModel, listeners: Listeners): Promise<OpenChannel> {
    return new OpenChannel(await model.createConfirmChannel(), listeners);
  }

  /** Whether an error of amqplib means no more than that this channel is lost or being closed. */
  isLostBy(error: unknown): boolean {
    return !this.isOpen || error instanceof IllegalOperationError;
  }
}
