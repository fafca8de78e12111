import { DNS_ADVICE } from './advice-dns.ts';
import { type Advice, both, type OutcomeName } from './advice-shape.ts';
import {
  ACCEPT_QUEUE,
  ALLOW_LIST,
  BALANCER,
  BOUND,
  CAPTURE,
  CERTIFICATE,
  FIREWALL,
  FRESH_ERRORS,
  HANDSHAKE,
  HOST_UP,
  HTTP2,
  LISTENING,
  LOCALLY,
  OTHER_PROTOCOL,
  OWN_TROUBLE,
  PATH_MTU,
  REPORT,
  ROUTE_BACK,
  SERVER_NAME,
  STATES,
  WAF,
  WHO_CUTS,
  WHO_REFUSES,
} from './lines.ts';

const silent: Advice = {
  some: [WAF, FIREWALL, CAPTURE, ALLOW_LIST, ROUTE_BACK],
  everywhere: [
    HOST_UP,
    LOCALLY,
    ACCEPT_QUEUE,
    STATES,
    CAPTURE,
    FIREWALL,
    'Address still the right one? dig +short {host}',
  ],
};

const ROUTES =
  'Route or network ACL changed just now? aws ec2 describe-route-tables; aws ec2 describe-network-acls';

const rejected: Advice = {
  some: [
    'Which hop answers with ICMP? sudo tcptraceroute {address} {port}; its filter may know {sources}',
    FIREWALL,
    ALLOW_LIST,
    ROUTES,
  ],
  everywhere: ['Which hop answers with ICMP? sudo tcptraceroute {address} {port}', HOST_UP, FIREWALL, ROUTES],
};

const handshakeCut: Advice = {
  some: [SERVER_NAME, WAF, WHO_CUTS],
  everywhere: [
    `What does the server say? ${HANDSHAKE}`,
    'Its log, at the time of the tries: journalctl --since -30min -u UNIT',
    OTHER_PROTOCOL,
    'Does it want a PROXY header first (accept-proxy, proxy_protocol)? Then only its balancer can get in',
    BALANCER,
    FRESH_ERRORS,
  ],
};

const VERSIONS =
  'Are proxy and balancer of one version and configuration everywhere? Compare a good and a bad one';
const ONE_BAD_SERVER =
  'One server of several? aws elbv2 describe-target-health --target-group-arn ARN; its error log: journalctl --since -30min -u UNIT';

const http2Cut: Advice = {
  some: [`What does the server say? ${HTTP2}`, VERSIONS, ONE_BAD_SERVER],
  everywhere: [
    `What does the server say? ${HTTP2}`,
    'Proxy up and its backend gone? Its error log: journalctl --since -30min -u UNIT',
    VERSIONS,
  ],
};

/** One entry an outcome, so that an outcome cannot be added without saying what to do about it. */
export const ADVICE: Readonly<Record<OutcomeName, Advice>> = {
  ...DNS_ADVICE,
  'tcp refused': {
    some: [
      'fail2ban or a firewall that rejects AWS addresses? sudo fail2ban-client banned; search its log for {sources}',
      FIREWALL,
      WHO_REFUSES,
      'Anycast, or a balancer a region? Of the site that refuses: aws elbv2 describe-target-health --target-group-arn ARN',
    ],
    everywhere: [
      LISTENING,
      BOUND,
      FRESH_ERRORS,
      BALANCER,
      'Container port published? docker ps --filter publish={port}',
      'A firewall that rejects instead of dropping? sudo nft list ruleset; sudo iptables -S',
    ],
  },
  'tcp timeout': silent,
  'tcp unreachable': rejected,
  'tcp prohibited': {
    some: rejected.some,
    everywhere: rejected.everywhere.filter((line) => line !== HOST_UP),
  },
  'tcp reset': {
    some: [WAF, FIREWALL, WHO_CUTS],
    everywhere: [
      BALANCER,
      FRESH_ERRORS,
      ACCEPT_QUEUE,
      STATES,
      'Out of descriptors or memory? nstat -az TcpExtTCPAbortOnMemory; journalctl -p err --since -30min',
      'A middlebox that resets? At the server: sudo tcpdump -ni any {tcpPort}',
    ],
  },
  'tcp address_forbidden': both(
    'A public address expected? dig +short {host} (private ones are never dialled)',
    'Your own network, and the probers stand in it? "allowPrivateAddresses": true in the deployment\'s configuration',
  ),
  'tcp local_error': both(OWN_TROUBLE),
  'tcp unknown': both(REPORT),
  'tls reset': handshakeCut,
  'tls closed': handshakeCut,
  'tls timeout': {
    some: [PATH_MTU, ...handshakeCut.some],
    everywhere: [
      'Server stopped or out of workers? It accepts and says nothing: top -bn1 | head -15; journalctl --since -30min -u UNIT',
      'Does it answer on the host itself? openssl s_client -connect localhost:{port}{servername} </dev/null',
      ACCEPT_QUEUE,
      STATES,
      PATH_MTU,
      OTHER_PROTOCOL,
    ],
  },
  'tls tls_alert': {
    some: [
      `Which alert? ${HANDSHAKE}; repeat it, for one server of several may differ`,
      'One server or point of presence configured otherwise? nginx -T, or its like, on a good and a bad one',
    ],
    everywhere: [
      `Which alert, and does the server know the name? ${HANDSHAKE}`,
      'Versions or ciphers changed? The same with -tls1_2, then with -tls1_3',
      'Does it ask for a client certificate? Then watch it with "handshake": "tcp"',
    ],
  },
  'tls not_tls': both(
    'What speaks there? timeout 5 nc {address} {port} </dev/null | head -c 200 | xxd',
    OTHER_PROTOCOL,
    'TLS switched off, or port and protocol mixed up? See the listener in the configuration of server and balancer',
    'Plain text where others get TLS is injected on the way: compare the bytes above from another network',
  ),
  'tls bad_certificate': {
    some: [
      `Stale server or point of presence? Compare with a good address: ${CERTIFICATE} -fingerprint -sha256 -dates`,
      `Intercepted? Is the issuer yours? ${CERTIFICATE} -issuer -subject -ext subjectAltName`,
      'Renewed and reloaded on every server? systemctl reload UNIT; sudo certbot certificates',
    ],
    everywhere: [
      `What is served? ${CERTIFICATE} -dates -subject -issuer -ext subjectAltName`,
      'Renewal failed? sudo certbot renew --dry-run; aws acm list-certificates',
      'Renewed and not reloaded? systemctl reload UNIT',
    ],
  },
  'tls protocol_error': both(
    'Versions or ciphers changed? openssl s_client -connect {target}{servername} -tls1_2 </dev/null, then -tls1_3',
    `What does the server say? ${HANDSHAKE}`,
  ),
  'tls local_error': both(OWN_TROUBLE),
  'tls unknown': both(REPORT),
  'http2 alpn_mismatch': both(
    'HTTP/2 offered? openssl s_client -connect {target}{servername} -alpn h2,http/1.1 </dev/null | grep ALPN',
    'HTTP/2 switched off in server, balancer or CDN? nginx -T | grep -n http2; aws elbv2 describe-load-balancer-attributes --load-balancer-arn ARN',
    `A proxy that ends TLS on the way? Is the issuer yours? ${CERTIFICATE} -issuer`,
  ),
  'http2 settings_timeout': {
    some: [`Stuck behind TLS? ${HTTP2}`, VERSIONS, ONE_BAD_SERVER],
    everywhere: [
      `Stuck behind TLS? ${HTTP2}`,
      'Workers exhausted, CPU left? top -bn1 | head -15; journalctl --since -30min -u UNIT',
      STATES,
      BALANCER,
    ],
  },
  'http2 goaway': http2Cut,
  'http2 protocol_error': http2Cut,
  'http2 closed': http2Cut,
  'http2 reset': http2Cut,
  'http2 local_error': both(OWN_TROUBLE),
  'http2 unknown': both(REPORT),
};
