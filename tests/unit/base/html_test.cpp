// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/html.h"

#include <gtest/gtest.h>

namespace ferv {
namespace {

TEST(EscapeHtml, LeavesNothingThatEndsTextOrAnAttribute) {
  EXPECT_EQ(escape_html("<script>\"a\" & 'b'</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
  EXPECT_EQ(escape_html("War/Sad/0001 \xc3\xa9"), "War/Sad/0001 \xc3\xa9");
}

TEST(EncodeUriPath, LeavesOnlyWhatAUriLetsStand) {
  EXPECT_EQ(encode_uri_path("/a b/c-d_e.~1?#%\xc3\xa9\xff"), "/a%20b/c-d_e.~1%3F%23%25%C3%A9%FF");
}

}  // namespace
}  // namespace ferv
