// SPDX-License-Identifier: EUPL-1.2
// What this program keeps, as one list: the statement on privacy is written from it, and tests compare it with the
// schema of the store, with docs/data.md and with the scripts of the pages. Whoever adds a table, a cookie or something
// on the reader's device adds a line here, or a test fails.
#pragma once

#include <span>
#include <string_view>

namespace verbund::portal {

// What a table can say about people who use the portal.
struct StoredTable {
  std::string_view table;
  // The section of the statement that describes it: texts privacy.<section>, privacy.<section>_1 ... ; "": nothing of
  // the people who use the portal is in it.
  std::string_view section;
};
std::span<const StoredTable> stored_tables();

// Cookies that the program sets: none. Names, for the statement.
std::span<const std::string_view> cookies();

// What stays on the reader's device: beginnings of names of caches and of keys of localStorage.
std::span<const std::string_view> device_storage();

}  // namespace verbund::portal
