// SPDX-License-Identifier: EUPL-1.2
// The settings of Patroni and HAProxy for script/cluster: the same as docs/operating.md explains for real machines.

// A primary that says nothing for `ttl` is replaced; loop_wait + 2 * retry_timeout must not be more.
const patience = { ttl: 15, loop_wait: 2, retry_timeout: 4 };

export function databaseNode(cluster, one) {
  const etcds = cluster.databases.map((each) => `${each.host}:${each.etcd}`).join(", ");
  return `scope: verbund
name: ${one.name}
restapi:
  listen: ${one.host}:${one.rest}
  connect_address: ${one.host}:${one.rest}
etcd:
  hosts: [${etcds}]
bootstrap:
  dcs:
    ttl: ${patience.ttl}
    loop_wait: ${patience.loop_wait}
    retry_timeout: ${patience.retry_timeout}
    primary_start_timeout: 0
    maximum_lag_on_failover: 1048576
    synchronous_mode: true
    synchronous_mode_strict: true
    synchronous_node_count: 1
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters:
        max_connections: 100
        shared_buffers: 64MB
        wal_keep_size: 256MB
        wal_sender_timeout: 5s
        wal_receiver_timeout: 5s
        wal_retrieve_retry_interval: 500ms
        max_locks_per_transaction: 256
  initdb:
    - encoding: UTF8
    - locale: C.UTF-8
    - data-checksums
    - auth-local: trust
    - auth-host: scram-sha-256
postgresql:
  listen: ${one.host}:${one.sql}
  connect_address: ${one.host}:${one.sql}
  data_dir: ${one.data}
  bin_dir: ${cluster.bin}
  pgpass: ${one.folder}/pgpass
  parameters:
    unix_socket_directories: ${one.folder}
  pg_hba:
    - local all all trust
    - host replication replicator all scram-sha-256
    - host all all all scram-sha-256
  authentication:
    superuser: {username: postgres, password: ${cluster.passwords.super}}
    replication: {username: replicator, password: ${cluster.passwords.replication}}
`;
}

export function loadBalancer(cluster) {
  const servers = cluster.nodes.map((node) => `  server ${node.name} 127.0.0.1:${node.port}`).join("\n");
  return `global
  maxconn 2000
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout check 2s
  timeout queue 20s
frontend portal
  bind 127.0.0.1:${cluster.front}
  default_backend processes
backend processes
  balance roundrobin
  option httpchk GET /health/ready
  http-check expect status 200
  default-server check inter 500ms fall 2 rise 2
  option redispatch 1
  retries 3
  # A question may be asked again where a process was lost, what somebody wrote may not.
  retry-on conn-failure empty-response
  http-request disable-l7-retry unless { method GET HEAD }
${servers}
listen numbers
  bind 127.0.0.1:${cluster.numbers}
  stats enable
  stats uri /
`;
}
