import { rulesLines } from './document-rules.ts';
import { wordsLines } from './document-words.ts';
import { lookFirst } from './look-first.ts';
import { code, table } from './markdown.ts';
import {
  EVIDENCE,
  type Evidence,
  OUTCOMES,
  type OutcomeRow,
  STAGES,
  type Stage,
  WIRE_OK,
} from './outcome.ts';

const EVIDENCE_MEANS: Readonly<Record<Evidence, string>> = {
  listening: 'Something listens: the peer answered in this stage or a later one.',
  refused: 'Something answered that nothing listens.',
  filtered: 'Silence, or an error from a router or firewall on the way.',
  interfered: 'The port answered, and the handshake was cut off or left hanging.',
  unresolved: 'The name gave no address.',
  inconclusive:
    'The prober, its resolver or its region is in trouble, or the address is not to be dialled: counts neither as passing nor as failing.',
};

const STAGE_MEANS: Readonly<Record<Stage, string>> = {
  dns: 'The name is resolved by the resolver of the region; skipped for address literals.',
  tcp: 'One address is dialled, SYN to SYN-ACK.',
  tls: 'ClientHello to a verified certificate.',
  http2: 'Connection preface to the SETTINGS of the peer and its acknowledgement of ours.',
};

/** docs/outcomes.md, rendered from the outcome table and the advice. */
export function outcomesDocument(): string {
  return [
    '# Outcomes',
    '',
    '<!-- Rendered from lib/outcome by test/outcome/document.test.ts; UPDATE_GOLDEN=1 writes it. -->',
    '',
    'A try climbs the ladder dns, tcp, tls, http2 and stops at the first stage that fails, or at the rung that the',
    'endpoint asks for. How it ended is one word a stage, its outcome: `ok` or one of the words below. What that says',
    'of the port is its evidence:',
    '',
    ...table(
      ['evidence', 'meaning'],
      EVIDENCE.map((evidence) => [code(evidence), EVIDENCE_MEANS[evidence]]),
    ),
    '',
    'No outcome says "blocked": that is a verdict, and it takes another region in which the same port listens.',
    'Where to read: [what silence and refusal say](#what-silence-and-refusal-say), the outcomes of [dns](#dns), [tcp](#tcp),',
    '[tls](#tls) and [http2](#http2), each with what to look at first, the [reasons](#reasons) and [errors](#errors) that say more, and',
    '[how evidence becomes a verdict](#from-evidence-to-verdict).',
    '',
    ...STAGES.flatMap(stageLines),
    ...wordsLines(),
    ...rulesLines(),
    '## Wire numbers',
    '',
    'In a packed round an outcome is one byte, which is never reused or changed. Passing tries are',
    `${Object.entries(WIRE_OK)
      .map(([handshake, wire]) => `${wire} (${code(handshake)})`)
      .join(', ')}.`,
    '',
  ].join('\n');
}

function stageLines(stage: Stage): string[] {
  const rows = OUTCOMES.filter((row) => row.stage === stage);
  return [
    `## ${stage}`,
    '',
    STAGE_MEANS[stage],
    '',
    ...table(
      ['outcome', 'what was seen', 'what it means', 'evidence', 'wire'],
      rows.map((row) => [code(row.outcome), row.seen, row.means, evidenceWords(row), String(row.wire)]),
    ),
    '',
    '### What to look at first',
    '',
    ...rows.flatMap(adviceLines),
  ];
}

function evidenceWords(row: OutcomeRow): string {
  return 'evidenceAfterBytes' in row
    ? `${code(row.evidence)}; ${code(row.evidenceAfterBytes)} once the peer has sent a byte`
    : code(row.evidence);
}

function adviceLines({ stage, outcome, evidence }: OutcomeRow): string[] {
  const failing = [{ stage, outcome, evidence, reason: null, address: null }];
  const where = { failing, host: 'HOST', port: 443, serverName: null, sourceAddresses: [] };
  const some = lookFirst({ ...where, rule: 'blocked_from_some' });
  const everywhere = lookFirst({ ...where, rule: 'fails_everywhere_mixed' });
  const name = `**${code(`${stage} ${outcome}`)}**`;
  if (some.join() === everywhere.join()) return [`${name}`, '', ...numbered(some), ''];
  return [
    `${name} from some regions`,
    '',
    ...numbered(some),
    '',
    `${name} from all regions`,
    '',
    ...numbered(everywhere),
    '',
  ];
}

const numbered = (lines: readonly string[]): string[] =>
  lines.map((line, index) => `${index + 1}. ${marked(line)}`);

/** Angle brackets and pipes would be read as markup. */
const marked = (line: string): string => line.replace(/[<>|*_[\]]/g, (character) => `\\${character}`);
