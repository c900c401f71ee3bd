// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/store.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "kits/store/driver.h"
#include "kits/store/text_stock.h"

namespace verbund::store {

Statement::Statement(std::unique_ptr<Driver> driver) : driver_(std::move(driver)) { VERBUND_CHECK(driver_ != nullptr); }
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;
Statement::~Statement() = default;

Statement& Statement::bind(int parameter, std::string_view value) {
  driver_->bind(parameter, value);
  return *this;
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  driver_->bind(parameter, value);
  return *this;
}

Statement& Statement::bind_null(int parameter) {
  driver_->bind_null(parameter);
  return *this;
}

bool Statement::step() { return driver_->step(); }

void Statement::run() {
  while (driver_->step()) {
  }
  driver_->reset();
}

void Statement::run_later() { driver_->run_later(); }
void Statement::reset() { driver_->reset(); }
std::int64_t Statement::changes() const { return driver_->changes(); }
bool Statement::is_null(int column) const { return driver_->is_null(column); }
std::string_view Statement::text(int column) const { return driver_->text(column); }
std::int64_t Statement::number(int column) const { return driver_->number(column); }

bool is_server(std::string_view location) {
  return location.starts_with("postgresql://") || location.starts_with("postgres://");
}

std::string shown(std::string_view location) {
  std::string out(location);
  if (!is_server(location)) return out;
  const std::size_t begin = out.find("://") + 3;
  const std::size_t end = std::min(out.find_first_of("/?", begin), out.size());
  const std::size_t at = out.rfind('@', end);
  const std::size_t colon = out.find(':', begin);
  if (at != out.npos && at > begin && colon < at) out.erase(colon, at - colon);
  for (std::size_t found = out.find("password="); found != out.npos; found = out.find("password=", found + 12)) {
    const std::size_t value = found + 9;
    out.replace(value, std::min(out.find('&', value), out.size()) - value, "...");
  }
  return out;
}

void check_text(std::string_view value) {
  // What one driver refuses, the other refuses: PostgreSQL keeps UTF-8 without U+0000.
  if (value.find('\0') != value.npos) throw Failure("store: a text with U+0000 cannot be kept");
  if (!is_utf8(value)) throw Failure("store: a text that is not UTF-8 cannot be kept");
}

void check_lock_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= 60 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!good) throw Failure("store: no name for a lock: " + std::string(name));
}

std::vector<std::string> column_names(std::string_view columns) {
  std::vector<std::string> out;
  for (const std::string_view part : split(columns, ',')) {
    const std::string_view name = trim(part);
    VERBUND_CHECK(!name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == name.npos);
    out.emplace_back(name);
  }
  return out;
}

Result<std::unique_ptr<Database>> open_alone(const Options& options, const std::vector<Migration>& migrations) {
  const bool server = is_server(options.path);
  auto database = server ? open_postgresql(options) : open_sqlite(options);
  if (!database) return pass(database);
  try {
    if (auto migrated = migrate(**database, migrations); !migrated) return pass(migrated);
  } catch (const Failure& failure) {
    return fail(ErrorCode::unavailable, failure.what(), shown(options.path),
                server ? "look at the log of the database server, its rights and its space"
                       : "restore the file from a backup if it is damaged; else look for space, rights or another program");
  }
  return std::unique_ptr<Database>(std::move(*database));
}

Result<std::unique_ptr<Database>> Database::open(const Options& options, const std::vector<Migration>& migrations) {
  auto database = open_alone(options, migrations);
  if (!database) return database;
  return with_texts(std::move(*database), options);
}

}  // namespace verbund::store
