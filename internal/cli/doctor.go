package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

// How a finding of the doctor is to be taken.
const (
	healthy = "ok"
	note    = "note" // worth knowing, nothing to mend
	warning = "warn" // worth mending; hookctl works without it
	ill     = "fail"
)

// A finding is what one check of the doctor says.
type finding struct {
	Check  string `json:"check"`
	Status string `json:"status"`
	Detail string `json:"detail"`
	Hint   string `json:"hint,omitempty"`
}

type doctorOptions struct {
	repair       bool
	port         uint16
	configSchema bool
}

func newDoctor(a *app) *cobra.Command {
	var o doctorOptions
	cmd := &cobra.Command{
		Use:   "doctor [flags]",
		Short: "check the store, permissions, port and settings",
		Long: `Check what hookctl needs: the program, the configuration, the schemas of your
own catalogs, every record of the store against its checksum, who may read the
files, and the port. Nothing is changed unless --repair is given: then a damaged
store's sound records are moved to a new file, and the damaged file is kept
beside it.

hookctl.yaml is held against its JSON Schema, and all that is wrong with it is
told. --config-schema prints that schema, by which an editor completes and
checks the file as you write. Most take it from a comment in the file's first
line:

  # yaml-language-server: $schema=hookctl.schema.json

VS Code, with its YAML extension, also has a setting for all your projects:

  "yaml.schemas": {"/home/me/hookctl.schema.json": "hookctl.yaml"}`,
		Example: "  hookctl doctor\n  hookctl doctor --repair --store backup\n  hookctl doctor --config-schema > hookctl.schema.json",
		GroupID: groupSetup,
		Args:    noArgs,
		// The configuration is one of the things to look at: a broken one is a finding.
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return nil },
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.configSchema {
				return a.printConfigSchema(cmd)
			}
			return runDoctor(cmd, a, &o)
		},
	}
	cmd.Flags().BoolVar(&o.repair, "repair", false, "save what can be read of a damaged store")
	cmd.Flags().Uint16Var(&o.port, "port", 4400, "look whether `PORT` is free")
	cmd.Flags().BoolVar(&o.configSchema, configSchemaFlag, false, "print the JSON Schema of hookctl.yaml, for editors, and check nothing")
	return cmd
}

func runDoctor(cmd *cobra.Command, a *app, o *doctorOptions) error {
	findings := []finding{{"version", healthy, readVersion().String(), ""}, a.examineConfig(cmd)}
	findings = append(append(findings, a.examineProviders()...), a.examineEndpoints(cmd.Context())...)
	findings = append(findings, a.examineByConfigSchema(findings)...)
	findings = append(findings, a.examineCatalogs(cmd.Context())...)
	dir, err := a.storeDir()
	if err != nil {
		return err
	}
	if o.repair {
		if err := a.repair(cmd.Context(), dir); err != nil {
			return err
		}
	}
	findings = append(findings, examineStore(cmd.Context(), dir), examinePermissions(dir), examinePort(o.port))
	return a.tellFindings(findings)
}

// repair saves what can be read of the store in dir.
func (a *app) repair(ctx context.Context, dir string) error {
	report, err := store.Repair(ctx, dir)
	switch {
	case errors.Is(err, store.ErrInUse):
		return cannot("stop the hookctl that uses it, then try again", err)
	case errors.Is(err, store.ErrNotExist):
		return nil // the examination says so
	case err != nil:
		return err
	case report.Kept != "":
		a.messages().Status(fmt.Sprintf("repaired: %d captures and %d attempts are in a new file, %d damaged records are not; the old file is %s",
			report.Captures, report.Attempts, report.DamagedCount, report.Kept))
	}
	return nil
}

func (a *app) examineConfig(cmd *cobra.Command) finding {
	err := a.settle(cmd)
	switch {
	case err != nil:
		return finding{"configuration", ill, err.Error(), classify(err).hint}
	case a.file == nil:
		return finding{"configuration", healthy, "no " + configName + " here or above", ""}
	}
	return finding{"configuration", healthy, a.file.path, ""}
}

// examineProviders looks whether the providers of hookctl.yaml can be had, with the
// secrets that it names. Where all can, the configuration is healthy, and that is said.
func (a *app) examineProviders() []finding {
	const check = "providers"
	set, err := a.providers()
	if err != nil {
		return []finding{{check, ill, err.Error(), classify(err).hint}}
	}
	var findings []finding
	for _, line := range set.unrecognized() {
		findings = append(findings, finding{check, note, line, ""})
	}
	for i := range set.configs {
		if set.bare(&set.configs[i]) {
			continue
		}
		known, err := set.loadConfigured(&set.configs[i])
		if err != nil {
			findings = append(findings, finding{check, ill, err.Error(), classify(err).hint})
			continue
		}
		for _, trouble := range known.troubles {
			findings = append(findings, finding{check, warning, known.unverified(trouble), classify(trouble).hint})
		}
	}
	return findings
}

// examineCatalogs looks whether the catalogs on disk can be read, and their schemas used.
// Where all can, nothing is said.
func (a *app) examineCatalogs(ctx context.Context) []finding {
	const check = "catalogs"
	set, err := a.catalogs()
	if err != nil {
		return nil // the providers tell of it
	}
	names, err := set.names()
	if err != nil {
		return []finding{{check, ill, err.Error(), ""}}
	}
	var findings []finding
	for _, name := range names {
		place, err := set.known(name)
		if err == nil && place != nil && place.folder != "" {
			err = place.try(ctx)
		}
		if err != nil {
			findings = append(findings, finding{check, ill, err.Error(), "hookctl catalog lint " + name + " says more"})
		}
	}
	return findings
}

// try says what is wrong with the catalog at a place, or its schemas.
func (p *catalogPlace) try(ctx context.Context) error {
	d, err := openDisk(p)
	if err != nil {
		return err
	}
	if faults := d.faults(ctx, nil); len(faults) > 0 {
		return errors.New(faultText(faults))
	}
	return nil
}

func examineStore(ctx context.Context, dir string) finding {
	report, err := store.Check(ctx, dir)
	switch {
	case errors.Is(err, store.ErrNotExist):
		return finding{"store", note, "nothing was ever kept in " + dir, "hookctl listen makes a store"}
	case err != nil:
		return finding{"store", ill, err.Error(), classify(err).hint}
	case !report.Sound():
		return finding{"store", ill, damage(report), "hookctl doctor --repair saves the sound records: " + sound(report)}
	}
	return finding{"store", healthy, fmt.Sprintf("%s in %s, each as it was written", sound(report), dir), ""}
}

func sound(r store.Report) string {
	return fmt.Sprintf("%d captures and %d attempts", r.Captures, r.Attempts)
}

// damage says what is wrong with a store, the first things of each kind.
func damage(r store.Report) string {
	const named = 3
	text := r.File + " is damaged"
	if r.DamagedCount > 0 {
		text += fmt.Sprintf("; %d records are not as they were written", r.DamagedCount)
	}
	for i, d := range r.Damaged {
		if i == named {
			break
		}
		text += "; " + d.Error()
	}
	for i, p := range r.Problems {
		if i == named {
			break
		}
		text += "; " + p
	}
	return text
}

// examinePermissions looks whether others may read what was kept.
func examinePermissions(dir string) finding {
	info, err := os.Lstat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return finding{"permissions", note, "there is no folder " + dir + " yet", ""}
	case err != nil:
		return finding{"permissions", ill, err.Error(), ""}
	}
	folders, shared := []string{dir}, readableByOthers(info) && !store.Alone(dir, besideStore())
	switch {
	case shared:
		folders = nil // what is in it is for others to look at, but for secrets
	case readableByOthers(info):
		return finding{"permissions", ill, fmt.Sprintf("%s is %v: others may look into it", dir, info.Mode().Perm()), "chmod 700 " + dir}
	}
	for _, folder := range append(folders, filepath.Join(dir, secretsFolder), filepath.Join(dir, secretsFolder, endpointSecrets)) {
		files, err := os.ReadDir(folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return finding{"permissions", ill, err.Error(), ""}
		}
		for _, f := range files {
			path := filepath.Join(folder, f.Name())
			if info, err := f.Info(); err == nil && readableByOthers(info) {
				mode := "600 "
				if info.IsDir() {
					mode = "700 "
				}
				return finding{"permissions", ill, fmt.Sprintf("%s is %v: others may read it", path, info.Mode().Perm()), "chmod " + mode + path}
			}
		}
	}
	if shared {
		return finding{"permissions", ill, sharedFolder(dir, info.Mode()), ownFolderHint}
	}
	return finding{"permissions", healthy, dir + " is for you alone", ""}
}

func examinePort(port uint16) finding {
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port)))
	ln, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return finding{"port", note, addr + " is in use, by hookctl listen or another program", "hookctl listen --port 0 takes a free port"}
	case err != nil:
		return finding{"port", ill, err.Error(), "hookctl listen --port 0 takes a free port"}
	}
	ln.Close()
	return finding{"port", healthy, addr + " is free", ""}
}

// tellFindings prints the findings, and fails where one of them is ill.
func (a *app) tellFindings(findings []finding) error {
	p := a.out()
	anyIll := false
	for _, f := range findings {
		anyIll = anyIll || f.Status == ill
		if a.global.json {
			if err := render.WriteJSON(a.world.Stdout, f); err != nil {
				return err
			}
			continue
		}
		facts := []render.Fact{{Label: f.Status, Value: f.Check + ": " + f.Detail}}
		if f.Hint != "" {
			facts = append(facts, render.Fact{Label: "", Value: "hint: " + f.Hint})
		}
		if err := p.Facts(facts...); err != nil {
			return err
		}
	}
	if anyIll {
		return found()
	}
	return nil
}
