/**
 * The lines that several outcomes share. In braces what lookFirst fills in: host, port, address (the one that failed), target
 * (address and port), authority (host and port), servername, sources, source and andSources (the probers' addresses), tcpPort.
 */

export const FIREWALL =
  'Security group / network ACL / host firewall: sudo nft list ruleset; sudo iptables -S';
export const WAF = 'WAF, bot, geo or fail2ban rule against AWS addresses? Search its log for {sources}';
export const ALLOW_LIST = 'Allow-list in front that lacks the probers? It must contain {sources}';
/** The three steps of the handshake, so for where it was not completed only. */
export const CAPTURE =
  "Which step is missing at the server: SYN in, SYN-ACK out, ACK in? sudo tcpdump -ni any 'tcp port {port}{andSources}'";
export const ROUTE_BACK =
  'No SYN-ACK out, or out another way? ip route get {source}; nstat -az TcpExtIPReversePathFilter';
export const WHO_REFUSES =
  "Who sends the RST? At the server: sudo tcpdump -ni any 'tcp port {port}{andSources}' (no SYN comes: something in front does)";
export const HOST_UP =
  'Host up, process running, CPU left? ping -c 3 {address}; on it, or its console: top -bn1 | head -15';
export const LOCALLY =
  'Does it answer on the host itself? nc -vz -w 3 localhost {port} (yes: look in front of it; no: at the process)';
export const LISTENING = "Process up and listening? ss -ltnp 'sport = :{port}' (no line: it is not)";
export const BOUND =
  'Bound to 127.0.0.1 or [::1] only? The same line must say 0.0.0.0:{port}, *:{port} or [::]:{port}';
export const BALANCER =
  'Behind a balancer: any healthy target? aws elbv2 describe-target-health --target-group-arn ARN';
export const ACCEPT_QUEUE =
  "Accept queue full? ss -lnt 'sport = :{port}' (Recv-Q above Send-Q); nstat -az TcpExtListenOverflows";
export const STATES =
  "Connections piling up? ss -Hant 'sport = :{port}' | cut -d' ' -f1 | sort | uniq -c (SYN-RECV: flood, or answers lost; ESTAB, CLOSE-WAIT: process stuck; TIME-WAIT: short-lived)";
export const FRESH_ERRORS =
  'Restarted, crashed or out of memory? systemctl --failed; journalctl -p err --since -30min';
export const HANDSHAKE = 'openssl s_client -connect {target}{servername} </dev/null';
export const CERTIFICATE = `${HANDSHAKE} 2>/dev/null | openssl x509 -noout`;
export const SERVER_NAME = `Filter on the server name, or a proxy? With and without the name: ${HANDSHAKE}; openssl s_client -connect {target} -noservername </dev/null`;
export const PATH_MTU = 'Large packets lost on the way (path MTU)? ping -M do -s 1472 -c 3 {address}';
export const OTHER_PROTOCOL =
  'Another protocol, or TLS only after STARTTLS (SMTP, PostgreSQL, Redis)? Watch it with "handshake": "tcp"';
export const HTTP2 = 'curl --http2 -svo /dev/null --max-time 10 --connect-to ::{target} https://{authority}/';
export const OWN_TROUBLE =
  "The prober's own trouble, not the endpoint's: see the probe function's log of that region";
export const REPORT =
  'Not understood: please report it with its errno; meanwhile watch one try: sudo tcpdump -ni any {tcpPort}';

export const EACH_SERVER =
  "Do the zone's servers agree? dig +nssearch DOMAIN; then dig {host} @NAMESERVER, each";
export const STALE =
  'Changed just now, and an old answer cached there? dig {host} (TTL); dig SOA DOMAIN (negative TTL)';
export const GEO_RECORD =
  'Geo, latency or health-checked record without an answer? aws route53 list-resource-record-sets --hosted-zone-id ID';
export const OTHER_VIEW =
  'Split view or filter by the asking resolver? dig {host} +subnet=0.0.0.0/0 @NAMESERVER';
export const DNSSEC = 'DNSSEC broken? dig {host} fails and dig +cd {host} answers: it is. Then: delv {host}';
export const NAME_SERVER_FIREWALL =
  'Firewall in front of the name servers, UDP and TCP 53: sudo nft list ruleset; sudo iptables -S';
export const WHO_CUTS =
  "Who cuts it off? At the server: sudo tcpdump -ni any 'tcp port {port}{andSources}' (it sends no RST or FIN: something on the way does)";

export const LIMITED = 'Rate limit on AWS addresses? Search the log for {sources}';

/** Lines about whether the host is there at all; one that answered somebody is. */
export const ABOUT_HOST: ReadonlySet<string> = new Set([HOST_UP]);
/** Lines about being kept apart; a peer that sent bytes was not kept apart. */
export const ABOUT_FILTERS: ReadonlySet<string> = new Set([WAF, ALLOW_LIST, SERVER_NAME, WHO_CUTS]);
