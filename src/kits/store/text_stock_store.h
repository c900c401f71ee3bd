// SPDX-License-Identifier: EUPL-1.2
// The tables behind text_stock.h. Inside this kit only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kits/store/text_stock.h"

namespace verbund::store {

std::vector<Migration> text_stock_migrations();

// Thread-safe. All throw Failure, Unavailable.
class TextStock {
 public:
  explicit TextStock(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  // By digest. They are durable, and noted for `name` at `now` (seconds), when it returns.
  void keep(std::string_view name, const std::map<std::string, std::string>& texts, std::int64_t now);
  // Nothing unless it is noted for `name`.
  std::optional<std::string> text(std::string_view name, std::string_view digest);
  // Takes back what was noted for `name` before `before` and is not `named`; then texts that are noted for nobody.
  Swept sweep(std::string_view name, const std::function<bool(std::string_view digest)>& named, std::int64_t before);
  std::string trouble() { return database_->trouble(); }
  bool readable() { return database_->readable(); }

 private:
  const std::unique_ptr<Database> database_;
};

// Where the texts of a database are, as it says itself: place and name.
void say_sharing(Connection& connection, std::string_view place, std::string_view name);
std::optional<std::pair<std::string, std::string>> said_sharing(Connection& connection);   // Requires: the table

}  // namespace verbund::store
