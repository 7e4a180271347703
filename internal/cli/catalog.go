package cli

import "github.com/spf13/cobra"

// catalogHelp says how a catalog is named, for help texts.
const catalogHelp = `The catalog of a PROVIDER is, in this order: the folder that hookctl.yaml names
for it with catalog:, the one beside a profile of your own, the one that hookctl
catalog import has kept, and the bundled one. A PROVIDER may also be the folder
of a catalog, such as ./acme.`

func newCatalog(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "catalog",
		Aliases: []string{"catalogs"},
		Short:   "look at events and their schemas; bring your own",
		Long: `Look at the event types of providers, with a JSON Schema for each and examples,
and bring in those of others. An event whose payload nobody has published says
envelope: its schema covers what all events have in common, and nothing is made
up.

` + catalogHelp,
		GroupID: groupLook,
		Args:    cobra.ArbitraryArgs,
		RunE:    helpOrUnknown,
	}
	cmd.AddCommand(
		newCatalogList(a), newCatalogShow(a), newCatalogLint(a),
		newCatalogExample(a), newCatalogImport(a), newCatalogInfer(a), newCatalogDiff(a), newCatalogDrift(a),
	)
	return cmd
}
