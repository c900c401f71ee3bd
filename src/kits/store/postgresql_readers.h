// SPDX-License-Identifier: EUPL-1.2
// Who reads one database: from the server that writes, or from any that is not behind what this process has seen.
// Internal to kits/store.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "kits/store/postgresql_server.h"

namespace verbund::store::postgresql {

// A commit of nothing else waits for the synchronous replica as well.
inline constexpr const char* something_to_commit = "SELECT pg_logical_emit_message(true, 'verbund', '')";

// Thread-safe.
class Readers {
 public:
  // On connections of its own, or (not null) on those of `shared`, which lives as long.
  Readers(const Options& options, Connections::Shared* shared);

  Server& server() { return server_; }   // the one that writes
  // The schema that shared connections enter. Once, before anything is read.
  void belong_to(std::string schema) { schema_ = std::move(schema); }

  void read(const std::function<void(Connection&)>& work);            // see Database
  void read_anywhere(const std::function<void(Connection&)>& work);
  bool readable() const;
  bool several() const { return several_; }   // hosts in the URL
  // The state with this number (begin_reading) has been read or written.
  void knows(std::int64_t state);
  // While the server that writes is away: whether reading goes on; keeps a connection at hand for who asks.
  void look();

 private:
  using Taken = std::unique_ptr<PgConnection>;
  // `hasty`: another server may serve as well; one that says nothing is given up soon.
  Taken begin(Server& server, Pool& pool, bool hasty);
  bool is_current(PgConnection& reader, std::int64_t least, bool fresh);
  static void work_on(Taken reader, Server& server, Pool& pool, const std::function<void(Connection&)>& work);
  static void give_back(Pool& pool, Taken reader);   // its transaction has failed

  struct Own {
    Own(const Options& options, const std::atomic<std::int64_t>& known)
        : server(options), pool(server, options.readers), anywhere(options, &known),
          anywhere_pool(anywhere, options.readers) {}
    Server server;
    Pool pool;
    Server anywhere;
    Pool anywhere_pool;
  };
  std::atomic<std::int64_t> known_{0};   // the newest state that this process has read or written
  const bool several_;
  const std::unique_ptr<Own> own_;       // null: shared
  Server& server_;
  Pool& pool_;
  Server& anywhere_;                     // while no server that writes can be reached
  Pool& anywhere_pool_;
  std::string schema_;
  std::atomic<bool> was_anywhere_{false};
};

}  // namespace verbund::store::postgresql
