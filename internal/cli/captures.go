package cli

import "github.com/spf13/cobra"

const queryHelp = `A query is words parted by spaces, all of which must hold:
  path:/orders/*   the path fits; * is anything, ? one character
  method:POST      the method
  status:500       the answer; also >=500, 4xx, 400..499, none
  provider:stripe  the provider that sent it, or none: not recognised
  event:order/*    the event's type fits, as a path does
  verified:yes     the signature holds; also no: it does not, and unchecked
  valid:yes        the body is what the catalog says; also no, and unchecked
  since:2h         received in the last two hours; also 30m, 7d, yesterday,
                   2026-11-21, 2026-11-21T08:00:00Z
  until:2h         received before that; takes the same
  id:7QK3M2ZA      the id begins or ends like this, or is the event's
  body:text        the body has this text, in any case; so does a bare word
  -status:200      a minus turns a word round`

const idHelp = `An ID is a whole id, any part that only one id begins or ends with, last, or
last~2.`

func newCaptures(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "captures",
		Aliases: []string{"capture"},
		Short:   "look at what was kept; export and import it",
		Long:    "Look at the requests that hookctl kept, also while hookctl listen runs.",
		GroupID: groupLook,
		Args:    cobra.ArbitraryArgs,
		RunE:    helpOrUnknown,
	}
	cmd.AddCommand(
		newCapturesList(a), newCapturesShow(a), newCapturesExport(a), newCapturesImport(a),
		newCapturesDiff(a), newCapturesVerify(a), newCapturesDelete(a), newCapturesPrune(a),
	)
	return cmd
}
