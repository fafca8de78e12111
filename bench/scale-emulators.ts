// The emulators in a process of their own, so that their work and memory is not the flow's. Ends when whoever forked it does.
import { startEmulators } from '../lib/local/emulators.ts';

const { dynamodbUrl, awsUrl } = await startEmulators();
process.send?.({ dynamodbUrl, awsUrl });
process.on('disconnect', () => process.exit());
