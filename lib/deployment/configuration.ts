/** What a deployment is: written by its owner in cdk.json (context `parallax`) or by `parallax local`, validated once. */
export interface Configuration {
  /** Prefix of every name in the account, and how alerts sign. */
  readonly name: string;
  /** Twelve digits; undefined: whatever account the CDK deploys to. */
  readonly account: string | undefined;
  readonly homeRegion: string;
  /** Regions that probe, in the order that sets when each knocks. The home region may be among them or not. */
  readonly regions: readonly string[];
  /** Alert formats to have a topic each. */
  readonly formats: readonly AlertFormat[];
  readonly controls: readonly string[];
  /** Region to `ADDRESS:PORT` of the resolver it asks; a region not named asks the system's. */
  readonly resolvers: Readonly<Record<string, string>>;
  readonly allowPrivateAddresses: boolean;
  readonly ipv6: boolean;
  readonly sourceAddressUrl: string | null;
  readonly roundDays: number;
  /** Processor of the functions; `x64` is for running the stack on such a machine. */
  readonly architecture: 'arm64' | 'x64';
  /** True for the stack on one machine: region names are free there. */
  readonly local: boolean;
}

export const ALERT_FORMATS = ['json', 'email', 'pager'] as const;
export type AlertFormat = (typeof ALERT_FORMATS)[number];
