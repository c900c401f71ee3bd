// SPDX-License-Identifier: EUPL-1.2
#include "network/keeping/restore.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <vector>

#include "network/keeping/files.h"
#include "network/log/own_log.h"
#include "network/log/restored.h"
#include "network/log/verify.h"

namespace verbund::network {
namespace {

namespace fs = std::filesystem;

const std::array folders = {"network/log/", "network/members/", "network/heard/", "network/witness/"};
const std::array files = {"node.sqlite",          "verbund.toml",        "manifest.json",           "network/log.key",
                          "network/log.key.next", "network/members.key", "network/members.key.next"};

bool belongs_there(const std::string& path) {
  return std::ranges::any_of(folders, [&](std::string_view folder) { return path.starts_with(folder); }) ||
         std::ranges::find(files, path) != files.end();
}

std::unexpected<Error> wrong(ErrorCode code, std::string what, std::string where) {
  return fail(code, std::move(what), std::move(where), "this backup is damaged: take an earlier one");
}

struct Contents {
  Manifest manifest;
  std::vector<FileSum> sums;
  std::uint64_t bytes = 0;
};

// What the backup says of itself, and that it has these files and no others.
Result<Contents> read_contents(const std::string& folder) {
  Contents out;
  const auto read = [&](std::string_view name, std::size_t limit) {
    auto text = file::read(folder + "/" + std::string(name), limit);
    if (!text && text.error().code == ErrorCode::not_found) text.error().hint = "name the folder of a backup";
    return text;
  };
  auto sums = read(sums_name, sums_limit);
  if (!sums) return pass(sums);
  auto parsed = parse_sums(*sums);
  if (!parsed) return pass(parsed);
  out.sums = std::move(*parsed);
  auto text = read(manifest_name, manifest_limit);
  if (!text) return pass(text);
  const auto own = std::ranges::find(out.sums, manifest_name, &FileSum::path);
  if (own == out.sums.end() || own->digest != crypto::sha256({*text})) {
    return wrong(ErrorCode::invalid, "the manifest is not the one that was written", std::string(manifest_name));
  }
  auto manifest = Manifest::parse(*text);
  if (!manifest) return pass(manifest);
  out.manifest = std::move(*manifest);

  auto there = files_below(folder);
  if (!there) return pass(there);
  std::vector<std::string> listed{std::string(sums_name)};
  for (const FileSum& sum : out.sums) listed.push_back(sum.path);
  std::ranges::sort(listed);
  for (const std::string& path : listed) {
    if (!std::ranges::binary_search(*there, path)) return wrong(ErrorCode::not_found, "a file is missing", path);
    if (path != sums_name && !belongs_there(path)) return wrong(ErrorCode::invalid, "no file of a backup", path);
  }
  for (const std::string& path : *there) {
    if (!std::ranges::binary_search(listed, path)) {
      return wrong(ErrorCode::invalid, "a file that is not in " + std::string(sums_name), path);
    }
    std::error_code error;
    out.bytes += fs::file_size(folder + "/" + path, error);
  }
  return out;
}

// That the log in `folder` leads to what its key signed and what the manifest says.
Result<void> prove(const std::string& folder, const BackedUpLog& said, const KeepingProgress& progress) {
  const auto key = tlog::VerifierKey::parse(said.key);
  if (!key) return std::unexpected(key.error());
  FolderLogSource log(folder);
  Result<void> heard;
  auto report = verify_log(log, *key, false, [&](std::uint64_t done, std::uint64_t of) {
    if (heard) heard = progress("Log nachrechnen", done, of);
  });
  if (!heard) return heard;
  if (!report) return wrong(ErrorCode::invalid, report.error().message, said.folder + "/" + report.error().where);
  const tlog::Checkpoint& is = report->checkpoint;
  if (is.origin != said.origin || is.size != said.size || is.root != said.root ||
      report->last_revision != said.last_revision) {
    return wrong(ErrorCode::invalid, "the log is another one than the manifest says", said.folder);
  }
  return {};
}

LogPlace place_of(const BackedUpLog& log, const std::string& data_folder) {
  return log.folder == "network/members" ? members_place(data_folder) : LogPlace(data_folder);
}

}  // namespace

Result<RestoreReport> restore(const std::string& folder, const std::string& data_folder, const RestoreParts& parts,
                              const KeepingProgress& progress) {
  auto contents = read_contents(folder);
  if (!contents) return pass(contents);
  auto out = FolderInTheMaking::begin(data_folder);
  if (!out) return pass(out);
  std::uint64_t before = 0;
  for (const FileSum& sum : contents->sums) {
    const std::string from = folder + "/" + sum.path;
    if (sum.path == manifest_name) continue;
    std::uint64_t done = 0;
    auto digest = out->copy(from, sum.path, file::for_owner, [&](std::uint64_t read) {
      done = read;
      return progress("Dateien", before + read, contents->bytes);
    });
    if (!digest) return pass(digest);
    if (*digest != sum.digest) return wrong(ErrorCode::invalid, "the file is not the one that was written", sum.path);
    before += done;
  }
  const Manifest& manifest = contents->manifest;
  for (const BackedUpLog& log : manifest.logs) {
    if (auto proven = prove(out->path(log.folder), log, progress); !proven) return pass(proven);
    const LogPlace place = place_of(log, out->folder());
    const bool in_token = log.folder == "network/log" && !manifest.secret_key;
    if (in_token) continue;
    const auto secret = load_key(place);
    if (!secret) return std::unexpected(secret.error());
    if (secret->verifier().to_text() != log.key) {
      return wrong(ErrorCode::invalid, "the secret key is not that of the log", place.key_file);
    }
  }
  if (auto heard = progress("Bestand ansehen", 0, 0); !heard) return pass(heard);
  auto last = parts.check_store(out->path(store_name), manifest);
  if (!last) return pass(last);
  for (const BackedUpLog& log : manifest.logs) {
    RestoredLog mark{manifest.made_at, parts.original_is_gone, false, log.size, log.root, *last};
    if (auto marked = mark_restored(place_of(log, out->folder()), mark); !marked) return pass(marked);
  }
  if (auto heard = progress("Auf die Platte", 0, 0); !heard) return pass(heard);
  if (auto finished = out->finish(); !finished) return pass(finished);
  return RestoreReport{manifest, contents->sums.size(), contents->bytes};
}

Result<RestoreReport> verify_backup(const std::string& folder, const KeepingProgress& progress) {
  auto contents = read_contents(folder);
  if (!contents) return pass(contents);
  std::uint64_t before = 0;
  for (const FileSum& sum : contents->sums) {
    std::uint64_t done = 0;
    auto digest = digest_file(folder + "/" + sum.path, [&](std::uint64_t read) {
      done = read;
      return progress("Dateien", before + read, contents->bytes);
    });
    if (!digest) return pass(digest);
    if (*digest != sum.digest) return wrong(ErrorCode::invalid, "the file is not the one that was written", sum.path);
    before += done;
  }
  for (const BackedUpLog& log : contents->manifest.logs) {
    if (auto proven = prove(folder + "/" + log.folder, log, progress); !proven) return pass(proven);
  }
  return RestoreReport{contents->manifest, contents->sums.size(), contents->bytes};
}

}  // namespace verbund::network
