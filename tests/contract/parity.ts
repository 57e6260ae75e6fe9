/**
 * What clients of mcpproxy-go know, route by route and command by command, and
 * why some of it is not here. A test holds the contract against it.
 *
 * @module
 */

/** REST routes below `/api/v1` that such clients may ask for; names of parameters are free. */
export const KNOWN_ROUTES: readonly string[] = `
GET /status
GET /info
GET /routing
GET /profiles
GET /profiles/active
PUT /profiles/active
GET /servers
POST /servers
POST /servers/import
POST /servers/import/json
GET /servers/import/paths
POST /servers/import/path
POST /servers/reconnect
POST /servers/restart_all
POST /servers/enable_all
POST /servers/disable_all
PATCH /servers/{}
DELETE /servers/{}
POST /servers/{}/config-to-secret
POST /servers/{}/enable
POST /servers/{}/disable
POST /servers/{}/restart
POST /servers/{}/login
POST /servers/{}/logout
POST /servers/{}/quarantine
POST /servers/{}/unquarantine
POST /servers/{}/discover-tools
POST /servers/{}/refresh
GET /servers/{}/tools
GET /servers/{}/logs
GET /servers/{}/diagnostics
GET /servers/{}/tool-calls
POST /servers/{}/tools/approve
POST /servers/{}/tools/block
POST /servers/{}/tools/{}/enabled
POST /servers/{}/tools/enable_all
POST /servers/{}/tools/disable_all
GET /servers/{}/tools/{}/diff
GET /servers/{}/tools/export
POST /servers/{}/scan
GET /servers/{}/scan/status
GET /servers/{}/scan/report
GET /servers/{}/scan/files
POST /servers/{}/scan/cancel
POST /servers/{}/security/approve
POST /servers/{}/security/reject
GET /servers/{}/integrity
GET /index/search
GET /tools
POST /tools/call
POST /preflight
POST /code/exec
GET /code/scripts
GET /config
POST /config/validate
POST /config/apply
PATCH /config
PATCH /config/docker-isolation
GET /docker/status
GET /secrets/refs
GET /secrets/config
POST /secrets
DELETE /secrets/{}
POST /secrets/migrate
GET /diagnostics
GET /doctor
POST /diagnostics/fix
GET /telemetry/payload
POST /telemetry/update-failure
GET /stats/tokens
GET /tool-calls
GET /tool-calls/{}
POST /tool-calls/{}/replay
GET /sessions
GET /sessions/{}
GET /activity
GET /activity/{}
GET /activity/summary
GET /activity/usage
GET /activity/export
GET /annotations/coverage
GET /registries
POST /registries
PUT /registries/{}
DELETE /registries/{}
GET /registries/{}/servers
POST /registries/{}/refresh
POST /registries/{}/servers/{}/add
POST /tokens
GET /tokens
GET /tokens/{}
DELETE /tokens/{}
DELETE /tokens/{}/permanent
POST /tokens/{}/regenerate
POST /feedback
GET /connect
GET /connect/{}
GET /connect/{}/preview
POST /connect/{}
POST /connect/{}/undo
DELETE /connect/{}
GET /onboarding/state
POST /onboarding/mark
GET /security/scanners
GET /security/scanners/{}/status
GET /security/overview
GET /security/queue
GET /security/scans
GET /security/scans/{}/report
POST /security/scanners/{}/enable
POST /security/scanners/{}/disable
PUT /security/scanners/{}/config
POST /security/scanners/install
DELETE /security/scanners/{}
POST /security/scan-all
POST /security/cancel-all
`.trim().split("\n");

/** Routes that are no verbs: what they send is no JSON answer. */
export const OTHER_ROUTES: readonly string[] = ["GET /activity/export"];

/** Commands that people and scripts type. */
export const KNOWN_COMMANDS: readonly string[] = `
serve
upstream list
upstream logs
upstream enable
upstream disable
upstream restart
upstream add
upstream add-json
upstream remove
upstream patch
upstream inspect
upstream approve
upstream tools enable
upstream tools disable
upstream tools enable-all
upstream tools disable-all
upstream import
tools list
tools enable
tools disable
tools approve
tools reject
tools preflight
call tool
call tool-read
call tool-write
call tool-destructive
code exec
code scripts list
auth login
auth status
auth logout
activity list
activity watch
activity show
activity summary
activity export
doctor
doctor fix
doctor list-codes
status
secrets set
secrets get
secrets del
secrets list
secrets migrate
token create
token list
token show
token revoke
token delete
token regenerate
registry list
registry search
registry add
registry add-source
registry edit
registry remove
search-servers
connect
disconnect
security scanners
security enable
security disable
security configure
security scan
security rescan
security status
security report
security approve
security reject
security overview
security integrity
security cancel-all
telemetry status
telemetry enable
telemetry disable
telemetry show-payload
feedback
trust-cert
tui
update
version
credential list
credential status
credential connect
credential rm
completion
`.trim().split("\n");

/** Tools that agents know. */
export const KNOWN_TOOLS: readonly string[] = [
  "retrieve_tools",
  "describe_tool",
  "call_tool_read",
  "call_tool_write",
  "call_tool_destructive",
  "read_cache",
  "upstream_servers",
  "quarantine_security",
  "code_execution",
  "set_profile",
  "search_servers",
  "list_registries",
];

/** Verbs that no command asks for, and why. */
export const WITHOUT_COMMAND: Readonly<Record<string, string>> = {
  "gateway.info": "status shows the same",
  "gateway.routing": "status shows the same",
  "tools.annotations": "tools list shows the annotations of each tool",
  "servers.enable_all": "upstream enable --all goes server by server, so that each failure is told",
  "servers.disable_all": "upstream disable --all goes server by server, so that each failure is told",
  "servers.restart_all": "upstream restart --all goes server by server, so that each failure is told",
  "config.patch": "config edit works on the file itself, which the daemon watches",
  "config.replace": "config edit and config import work on the file itself, which the daemon watches",
  "profiles.active": "profile list shows which one it is",
  "stats.cache": "a figure for pages and scripts",
  "servers.unquarantine": "upstream approve lets a server out",
  "isolation.status": "doctor says what the machine can confine servers with",
  "isolation.switch": "config edit changes the same key",
  "secrets.move": "secrets migrate moves whatever looks like a secret",
  "tool_calls.list": "activity list --type tool_call,policy_decision shows the same",
  "tool_calls.get": "activity show shows the same",
};
