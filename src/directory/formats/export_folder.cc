// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/export_folder.h"

#include <system_error>

namespace verbund::directory {

namespace fs = std::filesystem;

Result<void> prepare_export_folder(const std::string& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
    return fail(ErrorCode::unavailable, "Das ist eine Datei, kein Ordner", folder);
  }
  fs::create_directories(folder, error);
  if (error) return fail(ErrorCode::unavailable, "Der Ordner lässt sich nicht anlegen: " + error.message(), folder);
  const bool empty = fs::is_empty(folder, error);
  if (error) return fail(ErrorCode::unavailable, "Der Ordner lässt sich nicht lesen: " + error.message(), folder);
  if (!empty) {
    return fail(ErrorCode::conflict, "Der Ordner ist nicht leer", folder, "Nennen Sie einen neuen oder leeren Ordner");
  }
  return {};
}

ExportFile::ExportFile(const fs::path& path) : path_(path), out_(path, std::ios::binary | std::ios::trunc) {}

void ExportFile::write(std::string_view bytes) {
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes_ += bytes.size();
}

Result<void> ExportFile::finish() {
  out_.close();
  if (out_.fail()) {
    return fail(ErrorCode::unavailable, "Die Datei konnte nicht vollständig geschrieben werden", path_.string(),
                "Ist der Datenträger voll oder schreibgeschützt?");
  }
  return {};
}

}  // namespace verbund::directory
