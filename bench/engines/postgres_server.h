// SPDX-License-Identifier: EUPL-1.2
// A PostgreSQL cluster of our own in a folder: made, started, stopped. Never run as root: as root it becomes the
// system's user "postgres". Listens on a socket in that folder only.
#pragma once

#include <string>
#include <vector>

namespace verbund::bench {

class PostgresServer {
 public:
  // `bin`: folder of initdb and postgres. Ends the program with the server's words if it does not start within 60 s.
  PostgresServer(std::string bin, std::string folder);
  ~PostgresServer();   // fast shutdown
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  std::string connection() const { return "host=" + folder_ + " dbname=postgres user=verbund"; }
  std::vector<int> processes() const;   // the server and its children

 private:
  int run(const std::vector<std::string>& words, const std::string& log, bool wait) const;

  std::string bin_, folder_;
  int pid_ = 0;
};

}  // namespace verbund::bench
