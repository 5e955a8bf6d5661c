import fc from 'fast-check';

/**
 * Draws what storage, networks and attackers do to a line: cut, doubled, bits flipped, joined with another, blown up to
 * a mebibyte, sprinkled with NUL and bytes that are not UTF-8. For tests.
 */
export function mutatedLine(lines: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const line = fc.constantFrom(...lines);
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const at = (bytes: Buffer, where: number): number => Math.trunc(where * bytes.length);
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(line, place).map(([bytes, where]) => bytes.subarray(0, at(bytes, where))) },
    { weight: 2, arbitrary: fc.tuple(line, place).map(([bytes, where]) => bytes.subarray(at(bytes, where))) },
    { weight: 2, arbitrary: line.map((bytes) => Buffer.concat([bytes, bytes])) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(line, line, place, place)
        .map(([one, two, first, second]) =>
          Buffer.concat([one.subarray(0, at(one, first)), two.subarray(at(two, second))]),
        ),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(line, fc.array(fc.tuple(place, fc.nat(7)), { maxLength: 4 }))
        .map(([bytes, flips]) => flipped(bytes, flips)),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(line, place, fc.uint8Array({ maxLength: 6 }))
        .map(([bytes, where, extra]) => inserted(bytes, at(bytes, where), extra)),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(line, place, fc.constantFrom('"', '\\', '\0', '\n', '\n[', '{', '}', ', ', '" ', '='))
        .map(([bytes, where, extra]) => inserted(bytes, at(bytes, where), Buffer.from(extra))),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(line, place, fc.constantFrom(0x20, 0x22, 0x28, 0x5c, 0x78, 0x7b, 0xff))
        .map(([bytes, where, fill]) => inserted(bytes, at(bytes, where), Buffer.alloc(1 << 20, fill))),
    },
  );
}

function flipped(bytes: Buffer, flips: readonly (readonly [number, number])[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const [where, bit] of flips) {
    const at = Math.min(copy.length - 1, Math.trunc(where * copy.length));
    if (at >= 0) copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  }
  return copy;
}

function inserted(bytes: Buffer, at: number, extra: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at)]);
}
