// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/store.h"

#include <utility>

#include "base/check.h"
#include "kits/store/driver.h"

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

void Statement::reset() { driver_->reset(); }
std::int64_t Statement::changes() const { return driver_->changes(); }
bool Statement::is_null(int column) const { return driver_->is_null(column); }
std::string_view Statement::text(int column) const { return driver_->text(column); }
std::int64_t Statement::number(int column) const { return driver_->number(column); }

Result<std::unique_ptr<Database>> Database::open(const Options& options, const std::vector<Migration>& migrations) {
  auto database = open_sqlite(options);
  if (!database) return pass(database);
  try {
    if (auto migrated = migrate(**database, migrations); !migrated) return pass(migrated);
  } catch (const Failure& failure) {
    return fail(ErrorCode::unavailable, failure.what(), options.path,
                "restore the file from a backup if it is damaged; else look for space, rights or another program");
  }
  return std::unique_ptr<Database>(std::move(*database));
}

}  // namespace verbund::store
