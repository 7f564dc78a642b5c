// SPDX-License-Identifier: Apache-2.0
// ferv face: what is done with faces alone, without a model of expressions.
#include "face_commands.h"

namespace ferv::app {

void add_face(CLI::App& parent, Context& context) {
  CLI::App* command =
      parent.add_subcommand("face", "Cut the faces of raw clips into a data set; score the face tracker");
  command->require_subcommand(1);
  command->footer("Example: ferv face crop FERV39k/0_7_LabelClips --out cropped");
  add_face_align(*command, context);
  add_face_crop(*command, context);
  add_face_score(*command, context);
}

}  // namespace ferv::app
