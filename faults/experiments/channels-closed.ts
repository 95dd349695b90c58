import type { Experiment } from '../experiment.ts';

// What a channel gets here is what it would get from its client: an ack of a message that it never had.
const ACK_ALL_CHANNELS =
  "[rabbit_channel_common:do(C, {'basic.ack', 999999999, false}) || C <- rabbit_channel:list()].";

export default {
  title: 'channels closed',
  what: 'The broker closes each channel, as after a wrong ack (406 PRECONDITION_FAILED). The connections stay.',
  cuts: true,
  fault: async (lab) => void (await lab.run('broker', 'rabbitmqctl', 'eval', ACK_ALL_CHANNELS)),
} satisfies Experiment;
