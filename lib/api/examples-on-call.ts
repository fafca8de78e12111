import type { Examples } from './examples.ts';

const at = '2026-11-20T03:15:00.000Z';
const mute = { until: '2026-11-20T05:00:00.000Z', note: 'moving the load balancer', at };

const maintenance = {
  note: 'PostgreSQL 18',
  by: 'ada',
  endpoints: { tags: ['db'] },
  schedule: { cron: '0 2 * * SUN#2', timeZone: 'Europe/Berlin', durationMinutes: 180 },
};
const planned = {
  ...maintenance,
  id: 'db-upgrade',
  at,
  windows: [{ from: '2026-12-13T01:00:00.000Z', until: '2026-12-13T04:00:00.000Z' }],
};

/** Of what is said and answered by whoever is on call. */
export const ON_CALL_EXAMPLES = {
  AcknowledgementInput: { by: 'ada', note: 'asking the network team', until: '2026-11-20T05:00:00Z' },
  AcknowledgedIncident: {
    incident: 'shop-mi6wq3mg',
    by: 'ada',
    note: 'asking the network team',
    at,
    until: '2026-11-20T05:00:00.000Z',
  },
  MuteInput: { until: '2026-11-20T05:00:00Z', note: 'moving the load balancer' },
  Mute: mute,
  ListedMute: { endpoint: null, tag: 'db', ...mute },
  MutePage: { items: [{ endpoint: 'shop', tag: null, ...mute }], next: null },
  MaintenanceInput: maintenance,
  Maintenance: planned,
  MaintenancePage: { items: [planned], next: null },
  DrillInput: { severity: 'P1', team: 'web' },
  Drill: {
    id: 'test.1f0c7a52-6a0e-4f0e-9b0a-2f4f3f8d1c11',
    at,
    formats: [
      {
        format: 'email',
        topic: 'arn:aws:sns:eu-west-1:123456789012:parallax-alerts-email',
        published: true,
        error: null,
        subscriptions: { confirmed: 1, pending: 0 },
      },
    ],
    topicsWithoutSubscriber: [],
  },
} satisfies Examples<
  | 'AcknowledgementInput'
  | 'AcknowledgedIncident'
  | 'MuteInput'
  | 'Mute'
  | 'ListedMute'
  | 'MutePage'
  | 'MaintenanceInput'
  | 'Maintenance'
  | 'MaintenancePage'
  | 'DrillInput'
  | 'Drill'
>;
