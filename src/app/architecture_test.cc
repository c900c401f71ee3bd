// SPDX-License-Identifier: EUPL-1.2
#include "app/architecture.h"
#include "app/sql_check.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace verbund::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Architecture, EveryFileOfTheHouseKeepsTheFloorsAndMakesNoStatementsOfData) {
  const std::filesystem::path root = VERBUND_SOURCE_DIR "/src";
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (extension != ".h" && extension != ".cc") continue;
    std::ifstream in(entry.path());
    const std::string source{std::istreambuf_iterator<char>(in), {}};
    EXPECT_THAT(include_violations(entry.path().lexically_relative(root).string(), source), IsEmpty());
    EXPECT_THAT(sql_violations(entry.path().lexically_relative(root).string(), source), IsEmpty());
    ++files;
  }
  EXPECT_GT(files, 60);
}

TEST(Architecture, AnIncludeUpwardsIsFound) {
  EXPECT_THAT(include_violations("kits/http/server.cc", "#include \"base/result.h\"\n#include \"directory/finder/finder.h\"\n"),
              ElementsAre(HasSubstr("kits/http/server.cc:2: kits must not use directory")));
  EXPECT_THAT(include_violations("base/text.cc", "#include \"kits/text/text.h\""), ElementsAre(HasSubstr("base must not use kits")));
  EXPECT_THAT(include_violations("faces/api/api.cc", "  #include \"app/node.h\""), ElementsAre(HasSubstr("faces must not use app")));
}

TEST(Architecture, AnIncludeBetweenNeighbouringFloorsIsFound) {
  EXPECT_THAT(include_violations("directory/finder/finder.cc", "#include \"network/log/log.h\""),
              ElementsAre(HasSubstr("directory must not use network")));
  EXPECT_THAT(include_violations("network/log/log.cc", "#include \"directory/objects/body.h\""),
              ElementsAre(HasSubstr("network must not use directory")));
  EXPECT_THAT(include_violations("casework/forms/form.cc", "#include \"directory/objects/body.h\""), IsEmpty());
}

TEST(Architecture, AThirdPartyHeaderOutsideItsRoomIsFound) {
  EXPECT_THAT(include_violations("directory/formats/dldb_reader.cc", "#include <boost/json.hpp>"),
              ElementsAre(HasSubstr("belongs into a .cc file of kits/json/ only")));
  EXPECT_THAT(include_violations("kits/store/store.h", "#include <sqlite3.h>"), ElementsAre(HasSubstr("kits/store/")));
  EXPECT_THAT(include_violations("kits/store/sqlite_driver.cc", "#include <sqlite3.h>"), IsEmpty());
}

TEST(Architecture, AnIncludeWithoutItsFloorIsFound) {
  EXPECT_THAT(include_violations("app/node.cc", "#include \"node.h\""), ElementsAre(HasSubstr("with its floor")));
}

}  // namespace
}  // namespace verbund::app
