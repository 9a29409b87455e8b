;; A module whose parts a test fills in: $ABI, $IMPORT, $MEMORY, $ALLOC, $BODY, $EXTRA.
(module
  $IMPORT
  (memory (export "memory") $MEMORY)
  (global (export "edge_abi") i32 (i32.const $ABI))
  (global $calls (mut i32) (i32.const 0))
  (func (export "edge_alloc") (param $size i32) (result i32) $ALLOC)
  (func $deep (result i32) (i32.add (call $deep) (i32.const 1)))
  (func (export "edge_process") (param $in i32) (param $inLen i32) (param $out i32) (param $outCap i32) (result i32)
    (memory.copy (local.get $out) (local.get $in) (local.get $inLen))
    $BODY)
  $EXTRA)
