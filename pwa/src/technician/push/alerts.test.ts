import { expect, it } from 'vitest';
import { offerTopic } from './alerts.ts';

it('knows an offer by the topic the server alerts under, which push services take', () => {
  const topic = offerTopic('01938f2a-7b1c-7d4e-8a55-1234567890ab');
  expect(topic).toBe('offer-7b1c7d4e8a551234567890ab');
  expect(topic.length).toBeLessThanOrEqual(32);
});
