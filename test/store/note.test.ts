import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  acknowledgementsOf,
  getAcknowledgement,
  putAcknowledgement,
  removeAcknowledgement,
} from '../../lib/store/acknowledgement.ts';
import { certificatesOf, putCertificate } from '../../lib/store/certificate.ts';
import { getMute, mutesOf, putMute, removeMute } from '../../lib/store/mute.ts';
import { startTestStack, type TestStack } from '../support/emulators.ts';
import { NOW } from './values.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

const at = new Date(NOW).toISOString();
const mute = (minutes: number) => ({
  until: new Date(Date.now() + minutes * 60_000).toISOString(),
  note: 'deploy',
  at,
});

test('a mute is there until it ends, is replaced or removed', async () => {
  const [long, short] = [mute(60), mute(5)];
  expect(await getMute(stack.table, 'shop')).toBeNull();
  await putMute(stack.table, 'shop', long);
  await putMute(stack.table, 'shop', { ...short, note: null });
  expect(await getMute(stack.table, 'shop')).toEqual({ ...short, note: null });
  await putMute(stack.table, 'over', mute(-1));
  expect(await getMute(stack.table, 'over')).toBeNull();
  expect(await mutesOf(stack.table, ['shop', 'over', 'never'])).toEqual(
    new Map([['shop', { ...short, note: null }]]),
  );
  await removeMute(stack.table, 'shop');
  await removeMute(stack.table, 'shop');
  expect(await getMute(stack.table, 'shop')).toBeNull();
});

test('an acknowledgement stays until it is replaced or removed', async () => {
  const said = { by: 'ada', note: null, at: 1_790_000_000_000, until: null };
  await putAcknowledgement(stack.table, 'shop', { ...said, by: 'bob' });
  await putAcknowledgement(stack.table, 'shop', said);
  expect(await getAcknowledgement(stack.table, 'shop')).toEqual(said);
  expect(await acknowledgementsOf(stack.table, ['shop', 'never'])).toEqual(new Map([['shop', said]]));
  await removeAcknowledgement(stack.table, 'shop');
  expect(await getAcknowledgement(stack.table, 'shop')).toBeNull();
});

test('a certificate is kept once', async () => {
  const facts = {
    sha256: 'ab'.repeat(32),
    subject: 'CN=shop.example.com',
    issuer: 'CN=Demo CA',
    names: ['shop.example.com', '*.shop.example.com'],
    notBefore: at,
    notAfter: at,
    chain: 2,
  };
  expect(await certificatesOf(stack.table, facts.sha256)).toEqual([]);
  expect(await putCertificate(stack.table, facts)).toBe(true);
  expect(await putCertificate(stack.table, { ...facts, chain: 3 })).toBe(false);
  expect(await certificatesOf(stack.table, facts.sha256)).toEqual([facts]);
  expect(await certificatesOf(stack.table, facts.sha256.slice(0, 8))).toEqual([facts]);
  expect(await certificatesOf(stack.table, `${facts.sha256.slice(0, 8)}ffff`)).toEqual([]);
});
