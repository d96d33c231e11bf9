// Check an exported log and a receipt with golang.org/x/mod/sumdb: the note's signature by the log's key, the tree
// rebuilt from the bundles, the receipt's proof. Run by ../run.sh; every exit status but 0 is a refusal.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: main LOG_FOLDER FILE_WITH_LOG_KEY RECEIPT")
		os.Exit(2)
	}
	if err := check(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
}

func check(folder, keyFile, receiptFile string) error {
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	if err != nil {
		return err
	}
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := open(signed, verifier)
	if err != nil {
		return fmt.Errorf("the checkpoint: %w", err)
	}
	leaves, err := readLeaves(folder, tree.N)
	if err != nil {
		return err
	}
	root, err := rootOf(leaves)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return fmt.Errorf("the leaves have the root %v, the checkpoint says %v", root, tree.Hash)
	}
	fmt.Printf("x/mod: the log's key signed %d leaves, and they have the root %v\n", tree.N, root)
	return checkReceipt(receiptFile, verifier, leaves)
}

// open verifies a signed note and reads the tree that it names.
func open(signed []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("no checkpoint of this log: %q", opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	hash, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: hash}, err
}

// readLeaves reads all entry bundles of a log of a size.
func readLeaves(folder string, size int64) ([][]byte, error) {
	var leaves [][]byte
	for number := int64(0); int64(len(leaves)) < size; number++ {
		width := size - number*256
		name := fmt.Sprintf("%03d", number%1000)
		for rest := number / 1000; rest > 0; rest /= 1000 {
			name = fmt.Sprintf("x%03d/%s", rest%1000, name)
		}
		if width < 256 {
			name = fmt.Sprintf("%s.p/%d", name, width)
		}
		data, err := os.ReadFile(filepath.Join(folder, "tile/entries", name))
		if err != nil {
			return nil, err
		}
		for len(data) > 0 {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("bundle %s is cut short", name)
			}
			length := int(binary.BigEndian.Uint16(data))
			leaves, data = append(leaves, data[2:2+length]), data[2+length:]
		}
	}
	if int64(len(leaves)) != size {
		return nil, fmt.Errorf("the bundles hold %d leaves, the checkpoint says %d", len(leaves), size)
	}
	return leaves, nil
}

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for place, index := range indexes {
		found[place] = h[index]
	}
	return found, nil
}

func rootOf(leaves [][]byte) (tlog.Hash, error) {
	var stored hashes
	for index, leaf := range leaves {
		added, err := tlog.StoredHashes(int64(index), leaf, stored)
		if err != nil {
			return tlog.Hash{}, err
		}
		stored = append(stored, added...)
	}
	return tlog.TreeHash(int64(len(leaves)), stored)
}

// checkReceipt checks a .tlog-proof under its own checkpoint, for the leaf as the log's bundle has it.
func checkReceipt(file string, verifier note.Verifier, leaves [][]byte) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	head, signed, found := strings.Cut(string(data), "\n\n")
	if !found {
		return fmt.Errorf("the receipt has no checkpoint")
	}
	tree, err := open([]byte(signed), verifier)
	if err != nil {
		return fmt.Errorf("the receipt's checkpoint: %w", err)
	}
	index := int64(-1)
	var proof tlog.RecordProof
	for place, line := range strings.Split(head, "\n") {
		switch {
		case place == 0:
			if line != "c2sp.org/tlog-proof@v1" {
				return fmt.Errorf("no receipt: %q", line)
			}
		case strings.HasPrefix(line, "extra "):
		case strings.HasPrefix(line, "index "):
			if index, err = strconv.ParseInt(line[len("index "):], 10, 64); err != nil {
				return err
			}
		default:
			hash, err := base64.StdEncoding.DecodeString(line)
			if err != nil || len(hash) != tlog.HashSize {
				return fmt.Errorf("no hash: %q", line)
			}
			proof = append(proof, tlog.Hash(*(*[tlog.HashSize]byte)(hash)))
		}
	}
	if index < 0 || index >= int64(len(leaves)) {
		return fmt.Errorf("the log has no leaf %d", index)
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaves[index])); err != nil {
		return err
	}
	fmt.Printf("x/mod: the receipt proves leaf %d of %d\n", index, tree.N)
	return nil
}
