// SPDX-License-Identifier: EUPL-1.2
// Any settings file loads or is refused with a place.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "kits/settings/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace verbund;
  static const std::vector<settings::Definition> definitions = {
      {"http.port", settings::Definition::Type::number, "8080", "Port", 0, 65535},
      {"http.address", settings::Definition::Type::text, "127.0.0.1", "Adresse", 0, 0},
      {"a", settings::Definition::Type::flag, "false", "A", 0, 0},
  };
  static const std::string path = "/tmp/verbund_settings_fuzz." + std::to_string(getpid());
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) std::abort();
  std::fwrite(bytes, 1, size, file);
  std::fclose(file);
  auto settings = settings::Settings::load(definitions, path, {}, {});
  static const settings::Group group = {"t", {"a"}, {{"host", settings::Definition::Type::text, "", "H", 0, 0}}};
  auto several = settings::Settings::load_several(definitions, group, path, {}, {});
  for (const auto& [name, one] : several ? several->each : std::map<std::string, settings::Settings, std::less<>>()) {
    if (!settings::is_section_name(name)) std::abort();
    one.text("host");
  }
  std::remove(path.c_str());
  if (!settings && settings.error().where.empty()) std::abort();
  if (settings && (settings->number("http.port") < 0 || settings->number("http.port") > 65535)) std::abort();
  return 0;
}
