;; Doubles every float of a row. Everything else in this folder is a variation of it that does something wrong.
(module
  (memory (export "memory") 1)
  (global (export "edge_abi") i32 (i32.const 1))
  (global $next (mut i32) (i32.const 1024))

  ;; A bump allocator: the host allocates twice and keeps both.
  (func (export "edge_alloc") (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $next))
    (global.set $next (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 15)) (i32.const -16)))
    (local.get $at))

  (func (export "edge_process") (param $in i32) (param $inLen i32) (param $out i32) (param $outCap i32) (result i32)
    (local $i i32)
    (if (i32.gt_u (local.get $inLen) (local.get $outCap)) (then (return (i32.const -2))))
    (memory.copy (local.get $out) (local.get $in) (i32.const 16))
    (local.set $i (i32.const 16))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $inLen)))
        (f32.store (i32.add (local.get $out) (local.get $i))
          (f32.mul (f32.const 2) (f32.load (i32.add (local.get $in) (local.get $i)))))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (br $next)))
    (local.get $inLen)))
