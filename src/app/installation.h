// SPDX-License-Identifier: EUPL-1.2
// An installation that carries many nodes as tenants: who they are, by the settings. Each has a folder, a store, keys,
// a log, a look and host names of its own; nothing is shared but the program. docs/decisions/0017-tenants.md
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/node.h"
#include "base/result.h"
#include "kits/command/command.h"
#include "kits/settings/settings.h"

namespace verbund::app {

struct TenantSettings {
  std::vector<std::string> hosts;      // as http::host_name gives them; none: nobody reaches it
  std::string folder;                  // its data
  settings::Settings settings;
};

struct Installation {
  std::string folder;                  // of all
  std::string file;                    // of the settings; "": there is none
  settings::Settings settings;         // of the process
  std::map<std::string, TenantSettings, std::less<>> tenants;   // by name; none: one node, as it always was
};

// The sections [tenant.NAME] of the file of settings.
settings::Group tenant_group();

// Errors: those of the settings; usage (a host that is none, or of two tenants; two with one store or one log).
Result<Installation> load_installation(const command::Arguments& arguments);

// Where the tenant `name` of the installation in `folder` keeps its data.
std::string tenant_folder(const std::string& folder, std::string_view name);

// How much of the machine each of so many tenants may take.
NodeShare share_among(std::size_t tenants);

// What a command names by --tenant or VERBUND_TENANT; "": nothing.
std::string named_tenant(const command::Arguments& arguments);

// The file of settings that a backup takes along; "": none, or that of many tenants, which is nobody's alone.
std::string saved_settings_file(const command::Arguments& arguments);

// Before a command runs: what it needs of tenants is named, and there. Errors: usage (no tenant is named where there
// are some; a name that is none), not_found, those of the settings.
Result<void> check_tenant(const std::vector<std::string>& path, const command::Arguments& arguments);

}  // namespace verbund::app
