package cli

import "github.com/spf13/cobra"

func newDoctor(a *app) *cobra.Command {
	return &cobra.Command{Use: "doctor [flags]", Short: "x", Long: "x", GroupID: groupSetup, Args: noArgs, RunE: func(cmd *cobra.Command, _ []string) error { return nil }}
}
