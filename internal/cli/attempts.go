package cli

import (
	"iter"

	"github.com/spf13/cobra"
)

func newAttempts(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "attempts",
		Aliases: []string{"attempt"},
		Short:   "look at what was sent, and what came back",
		Long:    "Look at the attempts: each request that hookctl sent, and what came back. A\ndelivery is one event's journey to one endpoint; it has one attempt or several.",
		GroupID: groupLook,
		Args:    cobra.ArbitraryArgs,
		RunE:    helpOrUnknown,
	}
	cmd.AddCommand(newAttemptsList(a), newAttemptsShow(a), newAttemptsStats(a))
	return cmd
}

// collect gathers a short sequence.
func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}
