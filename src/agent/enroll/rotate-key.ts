import { keyProofText, parseKeyRotationAnswer, type SigningKey, signBytes } from '#delivery';
import { errorOf, judgeAnswer } from '../ship/judge-answer.ts';
import type { ServerClient } from '../ship/server-client.ts';

/** Offers a new key to the server, with the proof that its private part is there. Throws what the server says. */
export async function offerKey(agentId: string, next: SigningKey, client: ServerClient): Promise<void> {
  const text = keyProofText(agentId, next.publicKey);
  const proof = signBytes(Buffer.from(text, 'utf8'), next).toString('base64url');
  const answer = await client.ask('/agents/self/key', { publicKey: next.publicKey, proof });
  if (judgeAnswer(answer) !== 'done') throw errorOf(answer);
  parseKeyRotationAnswer(answer.json);
}
