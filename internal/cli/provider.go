package cli

import "github.com/spf13/cobra"

// profileHelp says how a provider is named, for help texts.
const profileHelp = `A PROVIDER is the name of a bundled profile, one of the section providers of
hookctl.yaml, or the file or folder of a profile of your own, such as ./acme.`

func newProvider(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "provider",
		Aliases: []string{"providers"},
		Short:   "look at who sends, and how; begin your own",
		Long: `Look at what hookctl knows of those who send webhooks: how they sign, where the
event's type stands, what acknowledges, when they send again. Each rule says how
it is known. A profile is a YAML file, and you can write one of your own.`,
		GroupID: groupLook,
		Args:    cobra.ArbitraryArgs,
		RunE:    helpOrUnknown,
	}
	cmd.AddCommand(newProviderList(a), newProviderShow(a), newProviderLint(a), newProviderNew(a))
	return cmd
}

// completeFirst completes the first argument alone with the names of providers.
func (a *app) completeFirst(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.providerNames(cmd, args, word)
}
