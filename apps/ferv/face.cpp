// SPDX-License-Identifier: Apache-2.0
// ferv face: what is done with faces alone, without a model of expressions.
#include "face_commands.h"

namespace ferv::app {

void add_face(CLI::App& parent, Context& context) {
  CLI::App* command =
      parent.add_subcommand("face", "Score the face tracker on films whose truth is known");
  command->require_subcommand(1);
  command->footer("Example: ferv face score films");
  add_face_score(*command, context);
}

}  // namespace ferv::app
