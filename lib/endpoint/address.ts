import ipaddr from 'ipaddr.js';

/**
 * What is never dialled on the public internet's behalf, as CIDR blocks. Everything that the IANA IPv4 and IPv6
 * special-purpose address registries do not call globally reachable; the registries' N/A rows, which embed an IPv4 address
 * (6to4 2002::/16, Teredo 2001::/32) or are deprecated (192.88.99.0/24); the translated forms 64:ff9b::/96 (RFC 6052), since
 * they reach any IPv4 address; multicast. IPv6 outside 2000::/3 (RFC 4291 section 2.4: the only global unicast space in use)
 * is forbidden as a whole, which takes in the mapped, unique-local, link-local and NAT64 blocks and `fd00:ec2::254`. Metadata
 * services lie in those blocks, but for Azure's, whose public address every host there answers for itself.
 */
export const FORBIDDEN_BLOCKS = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
] as const;

/** Blocks inside the forbidden ones that the same registries call globally reachable. */
export const GLOBAL_BLOCKS = [
  '192.0.0.9/32',
  '192.0.0.10/32',
  '2001:1::1/128',
  '2001:1::2/128',
  '2001:1::3/128',
  '2001:3::/32',
  '2001:4:112::/48',
  '2001:20::/28',
  '2001:30::/28',
] as const;

/**
 * Where clouds answer a machine about itself, with credentials: dialled nowhere, whatever a deployment allows. A handshake harms nobody,
 * but whoever may register endpoints would learn what only the machine should see.
 */
export const METADATA_ADDRESSES = [
  // EC2 ("Access instance metadata for an EC2 instance"); Azure, Google Cloud, OpenStack and others use the first one too.
  '169.254.169.254',
  'fd00:ec2::254',
  // Amazon ECS ("Amazon ECS task metadata endpoint"): a task's metadata and the credentials of its role.
  '169.254.170.2',
  // Amazon EKS ("Understand how EKS Pod Identity works"): its agent.
  '169.254.170.23',
  'fd00:ec2::23',
  // Azure ("What is IP address 168.63.129.16?").
  '168.63.129.16',
  // Google Cloud ("About VM metadata"), over IPv6.
  'fd20:ce::254',
  // Alibaba Cloud ("Instance metadata").
  '100.100.100.200',
  // Oracle Cloud, its classic compute.
  '192.0.0.192',
] as const;

const parseBlock = (block: string): ReturnType<typeof ipaddr.parseCIDR> => ipaddr.parseCIDR(block);
const forbidden = FORBIDDEN_BLOCKS.map(parseBlock);
const global = GLOBAL_BLOCKS.map(parseBlock);
const globalUnicast = parseBlock('2000::/3');

/** Blocks of IPv6 whose last 32 bits are an IPv4 address that is meant: mapped and compatible (RFC 4291 section 2.5.5), NAT64 (RFC 6052). */
const translated = ['::ffff:0:0/96', '::/96', '64:ff9b::/96'].map(parseBlock);
/** 6to4, RFC 3056: the IPv4 address follows the first 16 bits. */
const sixToFour = parseBlock('2002::/16');

type Address = ReturnType<typeof ipaddr.parse>;
type Block = ReturnType<typeof parseBlock>;

function isIn(address: Address, [base, bits]: Block): boolean {
  if (address instanceof ipaddr.IPv4) return base instanceof ipaddr.IPv4 && address.match(base, bits);
  return base instanceof ipaddr.IPv6 && address.match(base, bits);
}

/**
 * Parses strictly: four decimal parts without leading zeros, or RFC 4291 text. Octal, hexadecimal and short IPv4 forms are
 * not addresses here, so that no two parsers can disagree about them.
 */
function parse(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : null;
}

/** The canonical text of an address literal (RFC 5952 for IPv6), or null when the text is a name. */
export function canonicalAddress(text: string): string | null {
  const address = parse(text);
  if (!address) return null;
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** The family of an address literal, or null when the text is a name. */
export function addressFamilyOf(text: string): 'ipv4' | 'ipv6' | null {
  return parse(text)?.kind() ?? null;
}

const metadata: ReadonlySet<string> = new Set(
  METADATA_ADDRESSES.map((text) => ipaddr.parse(text).toNormalizedString()),
);

/** The address itself, and the IPv4 address that it carries. */
function meanings(address: Address): readonly Address[] {
  if (address instanceof ipaddr.IPv4) return [address];
  const bytes = address.toByteArray();
  if (translated.some((block) => isIn(address, block))) return [address, new ipaddr.IPv4(bytes.slice(12))];
  return isIn(address, sixToFour) ? [address, new ipaddr.IPv4(bytes.slice(2, 6))] : [address];
}

/** Whether an address is that of a cloud's metadata service, in whatever form. */
export function isMetadata(text: string): boolean {
  const address = parse(text);
  return address !== null && meanings(address).some((one) => metadata.has(one.toNormalizedString()));
}

/** Whether an address may be dialled by a deployment. Text that is no address may not: what is dialled would be another resolver's answer. */
export function mayBeDialled(text: string, allowPrivateAddresses: boolean): boolean {
  return allowPrivateAddresses ? parse(text) !== null && !isMetadata(text) : !isForbidden(text);
}

/** Whether an address must not be dialled unless private addresses are allowed. Text that is no address is forbidden. */
export function isForbidden(text: string): boolean {
  const address = parse(text);
  if (!address) return true;
  if (address instanceof ipaddr.IPv6 && !isIn(address, globalUnicast)) return true;
  return forbidden.some((block) => isIn(address, block)) && !global.some((block) => isIn(address, block));
}
