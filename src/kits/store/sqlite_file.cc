// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/sqlite_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace verbund::store {
namespace {

// Makes the missing folders of `path`, for the owner only. Gives an errno, 0 if all is well.
int make_folders(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != path.npos; slash = path.find('/', slash + 1))
    if (::mkdir(path.substr(0, slash).c_str(), 0700) != 0 && errno != EEXIST && errno != EISDIR) return errno;
  return 0;
}

}  // namespace

// O_EXCL: a file that is there is never opened here, because closing it would drop the locks that another connection
// of this process holds on it (POSIX). SQLite gives -wal and -shm the rights of the file.
int make_file(const std::string& path) {
  if (const int error = make_folders(path); error != 0) return error;
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return errno == EEXIST ? 0 : errno;
  ::close(file);
  return 0;
}

}  // namespace verbund::store
