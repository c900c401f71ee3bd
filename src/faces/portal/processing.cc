// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/processing.h"

#include <array>

namespace verbund::portal {

std::span<const StoredTable> stored_tables() {
  static constexpr std::array tables = {
      StoredTable{"schema_migration", ""},      StoredTable{"area", ""},
      StoredTable{"postal_code", ""},           StoredTable{"area_list", ""},
      StoredTable{"directory_object", ""},      StoredTable{"directory_body", ""},
      StoredTable{"directory_source", ""},      StoredTable{"directory_change", ""},
      StoredTable{"public_address", ""},        StoredTable{"search_count", "searches"},
      StoredTable{"feedback", "feedback"},      StoredTable{"barrier_report", "barriers"},
      StoredTable{"incident", ""},              StoredTable{"incident_text", ""},
      StoredTable{"uptime", ""},                StoredTable{"network_followed", ""},
      StoredTable{"network_position", ""},      StoredTable{"network_missing", ""},
      StoredTable{"network_refused", ""},       StoredTable{"network_register", ""},
      StoredTable{"network_register_change", ""}, StoredTable{"network_register_stock", ""},
      StoredTable{"network_request", ""},       StoredTable{"network_home", ""},
      StoredTable{"network_log_head", ""},      StoredTable{"network_log_file", ""},
      StoredTable{"network_process", ""},
  };
  return tables;
}

std::span<const std::string_view> cookies() { return {}; }

std::span<const std::string_view> device_storage() {
  static constexpr std::array<std::string_view, 3> names = {"verbund-seiten-", "verbund-dateien-", "verbund-haken "};
  return names;
}

}  // namespace verbund::portal
