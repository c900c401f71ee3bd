// SPDX-License-Identifier: EUPL-1.2
// Statements and bulk rows of a PostgreSQL connection. Internal to kits/store.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "kits/store/driver.h"
#include "kits/store/postgresql_link.h"

namespace verbund::store::postgresql {

// Where the engines differ in the text of a schema: the default order of a PostgreSQL database is that of a language,
// so that each TEXT column says that it is compared by bytes. Other statements stay as they are.
std::string schema_text(std::string_view sql);

// The largest n of a parameter $n outside of texts and names.
int parameter_count(std::string_view sql);

class PgConnection : public Connection {
 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

 public:
  explicit PgConnection(const Options& options, std::function<bool(const std::string&)> elsewhere = {},
                        const Whom& whom = {})
      : link_(options, std::move(elsewhere), whom), secondary_(!whom.writes) {}

  Statement prepare(std::string_view sql) override;
  void execute(std::string_view sql) override;
  std::unique_ptr<Bulk> bulk(std::string_view table, std::string_view columns) override;
  bool secondary() const override { return secondary_; }

  Link& link() { return link_; }
  // An idle statement: its SQL and its name on the server.
  using Idle = std::unordered_multimap<std::string, std::string, Hash, std::equal_to<>>;
  void give_back(Idle::node_type idle);

  // Lines of COPY for one table that are kept back.
  struct Kept {
    std::string table, statement, lines;
  };
  void send(Kept& kept);
  void send_kept(std::string_view sql);   // those of tables that `sql` names
  void send_kept();                       // all, in the order in which their tables were first asked for
  void drop_kept();

 private:
  Link link_;
  const bool secondary_;
  Idle idle_;
  std::list<Kept> kept_;                  // of each table and its columns one
};

}  // namespace verbund::store::postgresql
