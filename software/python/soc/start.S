/* stack, data, and the program */
    .section .text.start
    .globl _start
_start:
    la sp, stack_top
    la t0, data_start
    la t1, data_end
    la t2, data_load
1:  bgeu t0, t1, 2f
    lw t3, 0(t2)
    sw t3, 0(t0)
    addi t0, t0, 4
    addi t2, t2, 4
    j 1b
2:  call main
3:  j 3b
