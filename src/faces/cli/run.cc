// SPDX-License-Identifier: EUPL-1.2
#include "faces/cli/run.h"

#include <filesystem>
#include <fstream>

namespace verbund::cli {

int with_store(const Surroundings& surroundings, const command::Arguments& arguments,
               const std::function<Result<void>(store::Database&)>& work) {
  try {
    auto database = surroundings.open(arguments);
    if (!database) return command::report(surroundings.err, "verbund", database.error());
    if (auto done = work(**database); !done) return command::report(surroundings.err, "verbund", done.error());
    return 0;
  } catch (const store::Failure& failure) {
    return command::report(surroundings.err, "verbund",
                           {ErrorCode::unavailable, failure.what(), "",
                            "nothing was changed; check free space and access to the data folder, then try again"});
  }
}

const command::Option area_option{"area", "ORT", "Regionalschlüssel, Postleitzahl oder Ortsname", "ganz Deutschland", false};
const command::Option json_option{"json", "", "ein JSON-Dokument statt Text", "", false};

Result<directory::AreaKey> read_place(const directory::Snapshot& snapshot, const std::string& words) {
  if (words.empty()) return directory::AreaKey();
  if (auto area = snapshot.place(words)) return area->key;
  const auto matches = snapshot.find_places(words, 10);
  if (matches.empty()) {
    return fail(ErrorCode::not_found, "no place is called \"" + words + "\"", "--area",
                "give a regional key, a postal code or the name of a municipality");
  }
  std::string choices;
  for (const auto& match : matches) choices += (choices.empty() ? "" : ", ") + match.label + " = " + match.area.key.padded();
  return fail(ErrorCode::usage, "\"" + words + "\" can mean several places", "--area", "say which: " + choices);
}

void print(std::FILE* out, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), out);
  if (text.empty() || text.back() != '\n') std::fputc('\n', out);
}

Result<void> write_file(const std::string& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return fail(ErrorCode::unavailable, "the file cannot be written", path, "check the folder, free space and rights");
  return {};
}

void print_json(std::FILE* out, const Json& document) { print(out, document.to_pretty()); }

directory::ProgressReport progress_to(command::Progress& bar) {
  return [&bar](std::uint64_t done, std::uint64_t, std::uint64_t items) {
    bar.bytes(done);
    bar.items(items);
  };
}

std::uint64_t size_on_disk(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : size;
  }
  std::uint64_t sum = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (entry.is_regular_file(error)) sum += entry.file_size(error);
  }
  return sum;
}

}  // namespace verbund::cli
