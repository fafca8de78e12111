import * as z from 'zod/mini';
import { generatedName, type Kind, read } from './kind.ts';

const schema = z.object({
  ScheduleExpression: z.string(),
  State: z._default(z.enum(['ENABLED', 'DISABLED']), 'ENABLED'),
  Target: z.object({ Arn: z.string(), Input: z.optional(z.string()) }),
});

/** EventBridge schedules of whole minutes. When they fire is the clock's matter, see schedules.ts. */
export const schedule: Kind = {
  types: ['AWS::Scheduler::Schedule'],
  identify: (_, place) => ({ ref: generatedName(place), attributes: { Arn: generatedName(place) } }),
  async make(properties, place, world) {
    const { ScheduleExpression, State, Target } = read(schema, properties, place);
    const [, minutes] = /^rate\((\d+) minutes?\)$/.exec(ScheduleExpression) ?? [];
    if (minutes === undefined) {
      throw new Error(
        `${place.logicalId}: ${ScheduleExpression}: only rate(… minutes) is known to the local stack`,
      );
    }
    const target = world.functions.get(Target.Arn);
    if (!target) throw new Error(`${place.logicalId}: no function ${Target.Arn}`);
    const { Input = '{}' } = Target;
    // Now, because later nobody would be there to hear that it is not JSON.
    JSON.parse(Input);
    if (State === 'DISABLED') return;
    world.schedules.push({
      everyMinutes: Number(minutes),
      function: target,
      event: (scheduledTime) => JSON.parse(Input.replaceAll('<aws.scheduler.scheduled-time>', scheduledTime)),
    });
  },
};
